package lab.bench;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import lab.bench.Bench.Pace;
import lab.load.Bed;
import lab.load.Fork;
import lab.load.LoadResult;
import lab.load.Viewers.Seen;
import lab.load.Viewers.Watch;
import lab.report.Report;
import lab.stack.Service;
import org.HdrHistogram.Histogram;

/// From click to visible: a vote is sent, and a held request for news brings it; while others vote. The peer looks
/// once a second, as the original's result page does.
final class LiveBench extends Suite {
    private static final String CLICK_TO_VISIBLE = "click to visible";
    private static final List<Integer> RATES = List.of(100, 1000, 5000);
    private static final int GOAL_AT = 1000;
    private static final double POLL_SECONDS = 1;

    private Service vote;
    private Watch watch;

    LiveBench(Pace pace, Report report, Bed bed) {
        super("live", pace, report, bed);
    }

    @Override
    void run() throws Exception {
        bed.stack.startStores();
        bed.start("worker");
        Service result = bed.start("result");
        vote = bed.start("vote");
        watch = new Watch(vote.port(), result.port(), 1, pace.clicks());
        for (int warm = 0; warm < 2; warm++) {
            live(1000);
        }
        List<Variant> variants = new ArrayList<>();
        for (int rate : RATES) {
            variants.add(new Variant(votes(rate), name -> add(name, live(rate))));
        }
        variants.add(new Variant(votes(GOAL_AT), name -> add(name, live(GOAL_AT))).again());
        variants.add(new Variant("peer: one-second poll, " + votes(GOAL_AT), name -> add(name, poll())));
        interleave(CLICK_TO_VISIBLE, variants);
        report.atMost(
                100,
                "live, click to visible at " + votes(GOAL_AT) + ", 99th percentile in ms",
                measure(CLICK_TO_VISIBLE + ", percentile 99.0", "ms").samples.get(votes(GOAL_AT)));
    }

    private static String votes(int rate) {
        return "%,d votes/s".formatted(rate);
    }

    private String add(String name, Histogram latencies) {
        report.latencies("live: click to visible", name, latencies);
        return percentiles(CLICK_TO_VISIBLE, name, latencies, 50, 99);
    }

    private Histogram live(int rate) throws Exception {
        try (var _ = background(vote.port(), rate)) {
            Seen seen = Fork.result(watch);
            if (seen.missed() > 0) {
                report.note("live: %d of %d clicks were not seen within 10 s at %s"
                        .formatted(seen.missed(), watch.clicks(), votes(rate)));
            }
            return seen.latencies();
        }
    }

    /// Our page and worker, but somebody who looks at the table once a second, and clicks at any moment between.
    private Histogram poll() throws Exception {
        var latencies = LoadResult.histogram();
        int clicks = Math.max(5, pace.clicks() / 10);
        try (var _ = background(vote.port(), GOAL_AT);
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
        try (ResultSet rows = statement.executeQuery(OriginalWorker.COUNT)) {
            long clicks = 0;
            while (rows.next()) {
                clicks = rows.getString(1).equals("c") ? rows.getLong(2) : clicks;
            }
            return clicks;
        }
    }
}
