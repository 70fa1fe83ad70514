package lab.bench;

import common.Vote;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import lab.bench.Bench.Pace;
import lab.load.Ballots;
import lab.load.Bed;
import lab.load.Usage;
import lab.report.Measure;
import lab.report.Report;
import lab.stack.PostgresServer;
import lab.stack.Service;
import redis.clients.jedis.Jedis;

/// The worker with a full queue, beside COPY of the same rows into the same table and beside the original's loop;
/// with few and with many voters stored already.
final class WorkerBench extends Suite {
    private static final int CHANGING_VOTERS = 100_000;
    private static final String OURS = "ours";
    private static final String COPY = "ceiling: COPY of the same rows";
    private static final String ORIGINAL = "peer: the original's loop";

    private final Ballots ballots = new Ballots();
    private final PostgresServer postgres;
    private Service worker;

    WorkerBench(Pace pace, Report report, Bed bed) {
        super("worker", pace, report, bed);
        this.postgres = bed.stack.postgres;
    }

    @Override
    void run() throws Exception {
        bed.stack.startStores();
        worker = bed.start("worker");
        // the original's table has neither triggers nor tally
        postgres.execute(
                "CREATE SCHEMA original",
                "CREATE TABLE original.votes (id VARCHAR(255) NOT NULL UNIQUE, vote VARCHAR(255) NOT NULL)");
        drain(ballots.newVoters(200_000)); // warm
        postgres.execute("TRUNCATE votes");
        int stored = 0;
        for (int level : pace.stored()) {
            ballots.fill(postgres, stored, level);
            stored = level;
            newVoters(level);
            changedMinds(level);
        }
        goals(pace.stored().getFirst(), pace.stored().getLast());
    }

    private static String stored(int voters) {
        return "%,d voters stored".formatted(voters);
    }

    private Measure rateOfNewVoters(int level) {
        return measure("new voters, " + stored(level), "votes/s");
    }

    private Measure rateOfChangedMinds(int level) {
        return measure("changed minds of %,d voters, %s".formatted(CHANGING_VOTERS, stored(level)), "votes/s");
    }

    private void goals(int fewest, int most) {
        Measure none = rateOfNewVoters(fewest);
        report.atLeast(0.6, "worker, new voters / COPY", none.ratio(OURS, COPY));
        report.atLeast(30, "worker, new voters / the original's loop", none.ratio(OURS, ORIGINAL));
        report.atLeast(
                30,
                "worker, changed minds / the original's loop",
                rateOfChangedMinds(fewest).ratio(OURS, ORIGINAL));
        double share = rateOfNewVoters(most).median(OURS) / none.median(OURS);
        report.atLeast(0.7, "worker, " + stored(most) + " / none", List.of(share));
    }

    private void newVoters(int level) throws Exception {
        Measure rate = rateOfNewVoters(level);
        var ours = new Variant(OURS, name -> {
            List<Vote> votes = ballots.newVoters(pace.votes());
            forgetAllBut(level);
            return ours(rate, name, votes);
        });
        var copy = new Variant(COPY, name -> {
            List<Vote> votes = ballots.newVoters(pace.votes());
            forgetAllBut(level);
            bed.settle();
            return rate.add(name, votes.size() / Ballots.copy(postgres, "votes", votes));
        });
        var original = new Variant(ORIGINAL, name -> original(rate, name, ballots.newVoters(pace.votes())));
        interleave("new voters, " + stored(level), List.of(ours, ours.again(), copy, original));
    }

    private void changedMinds(int level) throws Exception {
        Measure rate = rateOfChangedMinds(level);
        var ours = new Variant(OURS, name -> {
            forgetAllBut(level);
            return ours(rate, name, changedMinds("votes"));
        });
        var original = new Variant(ORIGINAL, name -> {
            postgres.execute("TRUNCATE original.votes");
            return original(rate, name, changedMinds("original.votes"));
        });
        interleave("changed minds, " + stored(level), List.of(ours, original));
    }

    /// Votes of voters who are in this table already.
    private List<Vote> changedMinds(String table) throws SQLException, IOException {
        List<Vote> voters = ballots.newVoters(CHANGING_VOTERS);
        Ballots.copy(postgres, table, voters);
        return ballots.changedMinds(voters, pace.votes());
    }

    private String ours(Measure rate, String name, List<Vote> votes) throws Exception {
        bed.emptyRedis("always");
        bed.settle();
        double cpu = Usage.of(worker.process()).cpuSeconds();
        double seconds = drain(votes);
        cpu = Usage.of(worker.process()).cpuSeconds() - cpu;
        measure("processor time of the worker a vote, " + rate.name, "µs").add(name, cpu / votes.size() * 1e6);
        return rate.add(name, votes.size() / seconds);
    }

    /// Gives the running worker these votes all at once; returns the seconds until they are stored.
    private double drain(List<Vote> votes) {
        try (Jedis redis = bed.stack.redis.connect()) {
            long start = Ballots.enqueue(redis, "votes", votes);
            bed.stack.awaitEmptyQueue();
            return (System.nanoTime() - start) / 1e9;
        }
    }

    /// Forgets whoever an earlier sample added after the first `level` voters.
    private void forgetAllBut(int level) throws SQLException {
        postgres.execute(
                level == 0
                        ? "TRUNCATE votes"
                        : "DELETE FROM votes WHERE id IN (SELECT id FROM votes ORDER BY id OFFSET " + level + ")");
    }

    /// The original is so slow that it gets some seconds only, not the whole queue; and a list of its own, so that
    /// our worker keeps off.
    private String original(Measure rate, String name, List<Vote> votes) throws Exception {
        bed.emptyRedis("always");
        bed.settle();
        try (Jedis redis = bed.stack.redis.connect();
                Connection connection = postgres.connect()) {
            connection.setSchema("original");
            Ballots.enqueue(redis, OriginalWorker.QUEUE, votes);
            return rate.add(name, OriginalWorker.drain(redis, connection, pace.seconds()));
        }
    }
}
