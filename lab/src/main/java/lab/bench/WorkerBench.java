package lab.bench;

import common.Vote;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import lab.bench.Bench.Variant;
import lab.load.Ballots;
import lab.load.Bed;
import lab.load.Usage;
import lab.report.Measure;
import lab.report.Numbers;
import lab.report.Report;
import lab.stack.Await;
import lab.stack.PostgresServer;
import lab.stack.Service;
import redis.clients.jedis.Jedis;

/// The worker with a full queue, beside COPY of the same rows into the same table and beside the original's loop;
/// with few and with many voters stored already.
final class WorkerBench {
    private static final int CHANGING_VOTERS = 100_000;
    private static final String OURS = "ours";
    private static final String COPY = "ceiling: COPY of the same rows";
    private static final String ORIGINAL = "peer: the original's loop";

    private final Bench bench;
    private final Report report;
    private final Ballots ballots = new Ballots();

    WorkerBench(Bench bench) {
        this.bench = bench;
        this.report = bench.report;
    }

    void run() throws Exception {
        try (var bed = new Bed(Bench.FOLDER, _ -> {})) {
            PostgresServer postgres = bed.stack.postgres;
            bed.stack.startStores();
            Service worker = bed.start("worker");
            // the original's table has neither triggers nor tally
            postgres.execute(
                    "CREATE SCHEMA original",
                    "CREATE TABLE original.votes (id VARCHAR(255) NOT NULL UNIQUE, vote VARCHAR(255) NOT NULL)");
            drain(bed, ballots.newVoters(200_000)); // warm
            int stored = 0;
            postgres.execute("TRUNCATE votes");
            for (int level : bench.pace.stored()) {
                ballots.fill(postgres, stored, level);
                stored = level;
                bench.interleave("worker, " + stored(level), newVoters(bed, worker, level));
                bench.interleave("worker, " + stored(level), changedMinds(bed, worker, level));
            }
            goals();
        }
    }

    private static String stored(int voters) {
        return "%,d voters stored".formatted(voters);
    }

    private Measure newVoters(int level) {
        return report.measure("worker", "new voters, " + stored(level), "votes/s");
    }

    private Measure changedMinds(int level) {
        return report.measure(
                "worker", "changed minds of %,d voters, %s".formatted(CHANGING_VOTERS, stored(level)), "votes/s");
    }

    private void goals() {
        List<Integer> levels = bench.pace.stored();
        Measure none = newVoters(levels.getFirst());
        Measure most = newVoters(levels.getLast());
        report.atLeast(0.6, "worker, new voters / COPY", none.ratio(OURS, COPY));
        report.atLeast(30, "worker, new voters / the original's loop", none.ratio(OURS, ORIGINAL));
        report.atLeast(
                30,
                "worker, changed minds / the original's loop",
                changedMinds(levels.getFirst()).ratio(OURS, ORIGINAL));
        report.atLeast(
                0.7, "worker, " + stored(levels.getLast()) + " / none", List.of(most.median(OURS) / none.median(OURS)));
    }

    private List<Variant> newVoters(Bed bed, Service worker, int level) {
        Measure rate = newVoters(level);
        List<Variant> variants = new ArrayList<>();
        for (String name : List.of(OURS, OURS + ", again (A/A)")) {
            variants.add(new Variant(name, () -> {
                List<Vote> votes = newVoters();
                forgetAllBut(bed, level);
                return ours(bed, worker, rate, name, votes);
            }));
        }
        variants.add(new Variant(COPY, () -> {
            List<Vote> votes = newVoters();
            forgetAllBut(bed, level);
            bed.settle();
            return add(rate, COPY, votes.size() / Ballots.copy(bed.stack.postgres, "votes", votes));
        }));
        variants.add(new Variant(ORIGINAL, () -> original(bed, rate, newVoters())));
        return variants;
    }

    private List<Vote> newVoters() {
        return ballots.newVoters(bench.pace.votes());
    }

    private List<Variant> changedMinds(Bed bed, Service worker, int level) {
        Measure rate = changedMinds(level);
        return List.of(
                new Variant(OURS, () -> {
                    forgetAllBut(bed, level);
                    return ours(bed, worker, rate, OURS, changedMinds(bed, "votes"));
                }),
                new Variant(ORIGINAL, () -> {
                    bed.stack.postgres.execute("TRUNCATE original.votes");
                    return original(bed, rate, changedMinds(bed, "original.votes"));
                }));
    }

    /// Votes of voters who are in this table already.
    private List<Vote> changedMinds(Bed bed, String table) throws SQLException, IOException {
        List<Vote> voters = ballots.newVoters(CHANGING_VOTERS);
        Ballots.copy(bed.stack.postgres, table, voters);
        return ballots.changedMinds(voters, bench.pace.votes());
    }

    private String ours(Bed bed, Service worker, Measure rate, String name, List<Vote> votes) throws Exception {
        bed.emptyRedis("always");
        bed.settle();
        double cpu = Usage.of(worker.process()).cpuSeconds();
        double seconds = drain(bed, votes);
        cpu = Usage.of(worker.process()).cpuSeconds() - cpu;
        report.measure("worker", "processor time of the worker a vote, " + rate.name, "µs")
                .add(name, cpu / votes.size() * 1e6);
        return add(rate, name, votes.size() / seconds);
    }

    private static String add(Measure rate, String name, double votesPerSecond) {
        rate.add(name, votesPerSecond);
        return Numbers.format(votesPerSecond) + "/s";
    }

    /// Forgets whoever an earlier sample added after the first `level` voters.
    private static void forgetAllBut(Bed bed, int level) throws SQLException {
        bed.stack.postgres.execute(
                level == 0
                        ? "TRUNCATE votes"
                        : "DELETE FROM votes WHERE id IN (SELECT id FROM votes ORDER BY id OFFSET " + level + ")");
    }

    /// Gives the running worker these votes all at once; returns the seconds until they are stored.
    private static double drain(Bed bed, List<Vote> votes) throws Exception {
        try (Jedis redis = bed.stack.redis.connect()) {
            long start = Ballots.enqueue(redis, "votes", votes);
            Await.until("the queue is drained", () -> redis.exists("votes", "{votes}:taken") == 0);
            return (System.nanoTime() - start) / 1e9;
        }
    }

    /// The original is so slow that it gets some seconds only, not the whole queue; and a list of its own, so that
    /// our worker keeps off.
    private String original(Bed bed, Measure rate, List<Vote> votes) throws Exception {
        bed.emptyRedis("always");
        bed.settle();
        try (Jedis redis = bed.stack.redis.connect();
                Connection connection = bed.stack.postgres.connect()) {
            connection.setSchema("original");
            Ballots.enqueue(redis, OriginalWorker.QUEUE, votes);
            double seconds = bench.pace.seconds();
            return add(rate, ORIGINAL, OriginalWorker.drain(redis, connection, seconds));
        }
    }
}
