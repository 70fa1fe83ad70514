package lab.bench;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import lab.bench.Bench.Variant;
import lab.load.Bed;
import lab.load.Fork;
import lab.load.LoadResult;
import lab.load.Viewers;
import lab.report.Measure;
import lab.report.Numbers;
import lab.report.Report;
import lab.stack.Service;
import org.HdrHistogram.Histogram;

/// From click to visible: a vote is sent, and a held request for news brings it; while others vote. The peer looks
/// once a second, as the original's result page does.
final class LiveBench {
    private static final List<Integer> RATES = List.of(100, 1000, 5000);
    private static final int GOAL_AT = 1000;
    private static final double POLL_SECONDS = 1;

    private final Bench bench;
    private final Report report;

    LiveBench(Bench bench) {
        this.bench = bench;
        this.report = bench.report;
    }

    void run() throws Exception {
        try (var bed = new Bed(Bench.FOLDER, _ -> {})) {
            bed.stack.startStores();
            bed.start("worker");
            Service result = bed.start("result");
            Service vote = bed.start("vote");
            var watch = new Viewers.Watch(vote.port(), result.port(), 1, bench.pace.clicks());
            for (int warm = 0; warm < 2; warm++) {
                live(watch, vote.port(), 1000);
            }
            List<Variant> variants = new ArrayList<>();
            for (int rate : RATES) {
                String name = "%,d votes/s".formatted(rate);
                variants.add(new Variant(name, () -> add(name, live(watch, vote.port(), rate))));
            }
            String again = "%,d votes/s, again (A/A)".formatted(GOAL_AT);
            variants.add(new Variant(again, () -> add(again, live(watch, vote.port(), GOAL_AT))));
            String peer = "peer: one-second poll, %,d votes/s".formatted(GOAL_AT);
            variants.add(new Variant(peer, () -> add(peer, poll(bed, vote))));
            bench.interleave("live", variants);
            report.atMost(
                    100,
                    "live, click to visible at %,d votes/s, 99th percentile in ms".formatted(GOAL_AT),
                    percentile(99).samples.get("%,d votes/s".formatted(GOAL_AT)));
        }
    }

    private Histogram live(Viewers.Watch watch, int votePort, int rate) throws Exception {
        try (var _ = Background.votes(votePort, rate)) {
            var seen = Fork.result(watch);
            if (seen.missed() > 0) {
                report.note("live: %d of %d clicks were not seen within 10 s at %,d votes/s"
                        .formatted(seen.missed(), watch.clicks(), rate));
            }
            return seen.latencies();
        }
    }

    private Measure percentile(double percentile) {
        return report.measure("live", "click to visible, percentile " + percentile, "ms");
    }

    private String add(String name, Histogram latencies) {
        for (double percentile : new double[] {50, 99}) {
            percentile(percentile).add(name, latencies.getValueAtPercentile(percentile) / 1e6);
        }
        report.latencies("live: click to visible", name, latencies);
        return "%s / %s ms"
                .formatted(
                        Numbers.format(latencies.getValueAtPercentile(50) / 1e6),
                        Numbers.format(latencies.getValueAtPercentile(99) / 1e6));
    }

    /// Our page and worker, but somebody who looks at the table once a second, and clicks at any moment between.
    private Histogram poll(Bed bed, Service vote) throws Exception {
        var latencies = LoadResult.histogram();
        int clicks = Math.max(5, bench.pace.clicks() / 10);
        try (var _ = Background.votes(vote.port(), GOAL_AT);
                Connection connection = bed.stack.postgres.connect();
                Statement statement = connection.createStatement()) {
            long clicked = clicks(statement);
            for (int i = 0; i < clicks; i++) {
                long nextLook = System.nanoTime() + Math.round(POLL_SECONDS * 1e9 * (i + 0.5) / clicks);
                long clickedAt = System.nanoTime();
                vote.vote("c");
                clicked++;
                long seen;
                do {
                    Thread.sleep(Math.max(0, (nextLook - System.nanoTime()) / 1_000_000)); // that is how it looks
                    nextLook += Math.round(POLL_SECONDS * 1e9);
                    seen = clicks(statement);
                } while (seen < clicked);
                latencies.recordValue(System.nanoTime() - clickedAt);
            }
        }
        return latencies;
    }

    private static long clicks(Statement statement) throws SQLException {
        try (ResultSet rows = statement.executeQuery("SELECT vote, COUNT(id) AS count FROM votes GROUP BY vote")) {
            long clicks = 0;
            while (rows.next()) {
                clicks = rows.getString(1).equals("c") ? rows.getLong(2) : clicks;
            }
            return clicks;
        }
    }
}
