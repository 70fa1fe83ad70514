package lab.bench;

import common.Resource;
import common.WebServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import lab.bench.Bench.Pace;
import lab.load.Ballots;
import lab.load.Bed;
import lab.load.Bed.Peer;
import lab.load.Fork;
import lab.load.LoadResult;
import lab.load.Usage;
import lab.load.Viewers.Seen;
import lab.load.Viewers.Watch;
import lab.report.Measure;
import lab.report.Report;
import lab.stack.Await;
import lab.stack.Service;
import result.ResultServer;

/// The result page: what a look at the standing costs with few and with many votes stored, how many looks a second
/// it gives out, and how long thousands of viewers wait for news.
final class ResultBench extends Suite {
    private static final int MOST_VIEWERS = 10_000;

    /// A page holds the requests of half the connections that it may have.
    private static final int VIEWERS = (int) Math.min(MOST_VIEWERS, WebServer.MAX_CONNECTIONS / 2 - 50);

    private static final int QUERIES = 20;

    /// A page takes as many connections as its heap has room for: so many viewers need more than compose gives.
    private static final List<String> ROOM_FOR_VIEWERS = List.of("-XX:+UseSerialGC", "-Xmx2g");

    private static final String READS = "standing_reads_total";
    private static final String OURS = "ours";
    private static final String EMPTY = "ceiling: empty handler";
    private static final String ORIGINAL = "peer: the original's query";

    private static final String STANDING = Resource.text(ResultServer.class, "standing.sql");

    private Service vote;
    private Service result;

    ResultBench(Pace pace, Report report, Bed bed) {
        super("result", pace, report, bed);
    }

    @Override
    void run() throws Exception {
        bed.stack.startStores();
        result = bed.start("result");
        standing();
        vote = bed.start("vote");
        bed.start("worker");
        looks();
        result.stop();
        result = bed.stack.start("result", ROOM_FOR_VIEWERS, Map.of());
        viewers();
    }

    private void standing() throws Exception {
        var ballots = new Ballots();
        List<Integer> levels = pace.stored();
        int stored = 0;
        for (int level : levels) {
            ballots.fill(bed.stack.postgres, stored, level);
            stored = level;
            bed.settle();
            Measure millis = standing(level);
            var ours = new Variant(OURS, name -> query(millis, name, STANDING));
            var original = new Variant(ORIGINAL, name -> query(millis, name, OriginalWorker.COUNT));
            interleave("%,d votes stored".formatted(level), List.of(ours, ours.again(), original));
        }
        double growth =
                standing(stored).median(OURS) / standing(levels.getFirst()).median(OURS);
        report.atMost(1.5, "result, reading the standing at %,d votes / at none".formatted(stored), List.of(growth));
    }

    private Measure standing(int level) {
        return measure("reading the standing, %,d votes stored".formatted(level), "ms");
    }

    private String query(Measure measure, String name, String query) throws SQLException {
        try (Connection connection = bed.stack.postgres.connect();
                Statement statement = connection.createStatement()) {
            List<Double> millis = new ArrayList<>();
            for (int i = 0; i < 2 * QUERIES; i++) {
                long start = System.nanoTime();
                read(statement, query);
                millis.add((System.nanoTime() - start) / 1e6);
            }
            return measure.add(name, Measure.median(millis.subList(QUERIES, 2 * QUERIES))); // the first warm the cache
        }
    }

    private static void read(Statement statement, String query) throws SQLException {
        try (ResultSet rows = statement.executeQuery(query)) {
            while (rows.next()) {
                rows.getString(1);
            }
        }
    }

    private void looks() throws Exception {
        Peer page = Peer.of(result);
        Peer handler = bed.peer(new EmptyHandler(result.get("results").body().length()));
        warm(page, "GET /results");
        warm(handler, "GET /results");
        Measure rate = measure("GET /results, 64 connections", "answers/s");
        var ours = new Variant(OURS, name -> look(rate, name, page));
        var empty = new Variant(EMPTY, name -> look(rate, name, handler));
        interleave("/results, 64 connections", List.of(ours, ours.again(), empty));
        report.atLeast(0.8, "result, /results / empty handler", rate.ratio(OURS, EMPTY));
    }

    private String look(Measure rate, String name, Peer server) throws Exception {
        Measure cpu = measure("processor time of the page an answer", "µs");
        LoadResult result = saturate(name, server, "GET /results", CONNECTIONS, rate, cpu);
        return "%,.0f answers/s, %d errors".formatted(result.rate(), result.errors());
    }

    /// Thousands of held requests, first with nobody else voting and then with others voting all the time.
    private void viewers() throws Exception {
        if (VIEWERS < MOST_VIEWERS) {
            report.note("result: %,d viewers, not %,d: a process here has no descriptors or memory for more."
                    .formatted(VIEWERS, MOST_VIEWERS));
        }
        memory().add("before they came", Usage.of(result.process()).memoryMegabytes());
        for (int rate : new int[] {0, 100}) {
            String name = rate == 0 ? "nobody else votes" : rate + " others vote a second";
            interleave(
                    "%,d viewers".formatted(VIEWERS),
                    Math.min(3, pace.repetitions()),
                    List.of(new Variant(name, _ -> view(name, rate))));
        }
    }

    private Measure memory() {
        return ofViewers("memory of the page", "MB");
    }

    private Measure ofViewers(String name, String unit) {
        return measure("%,d viewers: %s".formatted(VIEWERS, name), unit);
    }

    private String view(String name, int rate) throws Exception {
        Await.until("the requests of those who left have ended", () -> result.metric("polls_held") == 0);
        double reads = result.metric(READS);
        long start = System.nanoTime();
        Seen seen;
        try (var _ = background(vote.port(), rate)) {
            seen = Fork.result(new Watch(vote.port(), result.port(), VIEWERS, pace.clicks() / 10));
        }
        double megabytes = Usage.of(result.process()).memoryMegabytes();
        memory().add(name, megabytes);
        ofViewers("memory of the page a viewer", "KB")
                .add(name, (megabytes - memory().median("before they came")) * 1024 / VIEWERS);
        double queries = (result.metric(READS) - reads) / ((System.nanoTime() - start) / 1e9);
        ofViewers("click to visible for the last of them, median", "ms")
                .add(name, seen.lastLatencies().getValueAtPercentile(50) / 1e6);
        String worst = ofViewers("click to visible for the last of them, worst", "ms")
                .add(name, seen.lastLatencies().getMaxValue() / 1e6);
        ofViewers("who missed a click", "viewers").add(name, seen.missed());
        ofViewers("reads of the standing", "1/s").add(name, queries);
        ofViewers("answers", "1/s").add(name, seen.answers() / seen.seconds());
        report.latencies("result: %,d viewers: click to visible".formatted(VIEWERS), name, seen.latencies());
        return "worst " + worst;
    }
}
