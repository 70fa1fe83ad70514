package lab.bench;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import lab.bench.Bench.Variant;
import lab.load.Ballots;
import lab.load.Bed;
import lab.load.Bed.Peer;
import lab.load.Fork;
import lab.load.LoadResult;
import lab.load.Usage;
import lab.load.Viewers;
import lab.report.Measure;
import lab.report.Numbers;
import lab.report.Report;
import lab.stack.Service;

/// The result page: what a look at the standing costs with few and with many votes stored, how many looks a second
/// it gives out, and how long thousands of viewers wait for news.
final class ResultBench {
    private static final int VIEWERS = 5000;
    private static final int QUERIES = 20;

    /// A page takes as many connections as its heap has room for: so many viewers need more than compose gives. Twice
    /// as many, because the requests of those who left are held to their end.
    private static final List<String> ROOM_FOR_VIEWERS = List.of("-XX:+UseSerialGC", "-Xmx1g");

    private static final String READS = "standing_reads_total";
    private static final String OURS = "ours";
    private static final String AGAIN = "ours, again (A/A)";
    private static final String EMPTY = "ceiling: empty handler";
    private static final String ORIGINAL = "peer: the original's query";

    /// What `result` reads at every change: see `LiveStanding`.
    private static final String STANDING = """
            SELECT vote, count, stored, waiting, stored_at,
                coalesce(seen_at > clock_timestamp() - interval '7 seconds', false) AS worker
            FROM tally LEFT JOIN queue ON name = 'votes'
            """;

    /// What the original's result page reads every second.
    private static final String COUNT = "SELECT vote, COUNT(id) AS count FROM votes GROUP BY vote";

    private final Bench bench;
    private final Report report;

    ResultBench(Bench bench) {
        this.bench = bench;
        this.report = bench.report;
    }

    void run() throws Exception {
        try (var bed = new Bed(Bench.FOLDER, _ -> {})) {
            bed.stack.startStores();
            Service result = bed.start("result");
            standing(bed);
            Service vote = bed.start("vote");
            bed.start("worker");
            looks(bed, result);
            result.stop();
            viewers(vote, bed.stack.start("result", ROOM_FOR_VIEWERS, Map.of()));
        }
    }

    private void standing(Bed bed) throws Exception {
        var ballots = new Ballots();
        List<Integer> levels = bench.pace.stored();
        int stored = 0;
        for (int level : levels) {
            ballots.fill(bed.stack.postgres, stored, level);
            stored = level;
            bed.settle();
            bench.interleave(
                    "result, %,d votes stored".formatted(level),
                    List.of(
                            query(bed, level, OURS, STANDING),
                            query(bed, level, AGAIN, STANDING),
                            query(bed, level, ORIGINAL, COUNT)));
        }
        report.atMost(
                1.5,
                "result, reading the standing at %,d votes / at none".formatted(levels.getLast()),
                List.of(standing(levels.getLast()).median(OURS)
                        / standing(levels.getFirst()).median(OURS)));
    }

    private Measure standing(int level) {
        return report.measure("result", "reading the standing, %,d votes stored".formatted(level), "ms");
    }

    private Variant query(Bed bed, int level, String name, String query) {
        return new Variant(name, () -> {
            try (Connection connection = bed.stack.postgres.connect();
                    Statement statement = connection.createStatement()) {
                List<Double> millis = new ArrayList<>();
                for (int i = 0; i < 2 * QUERIES; i++) {
                    long start = System.nanoTime();
                    read(statement, query);
                    millis.add((System.nanoTime() - start) / 1e6);
                }
                double median = Numbers.median(millis.subList(QUERIES, 2 * QUERIES)); // the first ones warm the cache
                standing(level).add(name, median);
                return Numbers.format(median) + " ms";
            }
        });
    }

    private static void read(Statement statement, String query) throws SQLException {
        try (ResultSet rows = statement.executeQuery(query)) {
            while (rows.next()) {
                rows.getString(1);
            }
        }
    }

    private void looks(Bed bed, Service result) throws Exception {
        Peer ours = Peer.of(result);
        int size = result.get("results").body().length();
        Peer empty = bed.peer(new EmptyHandler(size));
        for (Peer each : List.of(ours, empty)) {
            bench.warm(each, "GET /results");
        }
        bench.interleave(
                "result, /results, 64 connections", List.of(look(OURS, ours), look(AGAIN, ours), look(EMPTY, empty)));
        report.atLeast(0.8, "result, /results / empty handler", looks().ratio(OURS, EMPTY));
    }

    private Measure looks() {
        return report.measure("result", "GET /results, 64 connections", "answers/s");
    }

    private Variant look(String name, Peer server) {
        return new Variant(name, () -> {
            Measure cpu = report.measure("result", "processor time of the page an answer", "µs");
            LoadResult result = bench.saturate(name, server, "GET /results", 64, looks(), cpu);
            return Numbers.format(result.rate()) + "/s, " + result.errors() + " errors";
        });
    }

    /// Thousands of held requests, first with nobody else voting and then with others voting all the time.
    private void viewers(Service vote, Service result) throws Exception {
        memory().add("before they came", Usage.of(result.process()).memoryMegabytes());
        for (int rate : new int[] {0, 100}) {
            String name = rate == 0 ? "nobody else votes" : rate + " others vote a second";
            bench.interleave(
                    "result, %,d viewers".formatted(VIEWERS),
                    Math.min(3, bench.pace.repetitions()),
                    List.of(new Variant(name, () -> view(vote, result, name, rate))));
        }
    }

    private Measure memory() {
        return report.measure("result", "%,d viewers: memory of the page".formatted(VIEWERS), "MB");
    }

    private String view(Service vote, Service result, String name, int rate) throws Exception {
        int clicks = bench.pace.clicks() / 10;
        double reads = result.metric(READS);
        long start = System.nanoTime();
        Viewers.Seen seen;
        try (var _ = Background.votes(vote.port(), rate)) {
            seen = Fork.result(new Viewers.Watch(vote.port(), result.port(), VIEWERS, clicks));
        }
        memory().add(name, Usage.of(result.process()).memoryMegabytes());
        double queries = (result.metric(READS) - reads) / ((System.nanoTime() - start) / 1e9);
        String what = "%,d viewers: ".formatted(VIEWERS);
        Measure last = report.measure("result", what + "click to visible for the last of them, median", "ms");
        last.add(name, seen.lastLatencies().getValueAtPercentile(50) / 1e6);
        Measure worst = report.measure("result", what + "click to visible for the last of them, worst", "ms");
        worst.add(name, seen.lastLatencies().getMaxValue() / 1e6);
        report.measure("result", what + "who missed a click", "viewers").add(name, seen.missed());
        report.measure("result", what + "reads of the standing", "1/s").add(name, queries);
        report.measure("result", what + "answers", "1/s").add(name, seen.answers() / seen.seconds());
        report.latencies("result: " + what + "click to visible", name, seen.latencies());
        return "worst %s ms, %s reads/s"
                .formatted(Numbers.format(seen.lastLatencies().getMaxValue() / 1e6), Numbers.format(queries));
    }
}
