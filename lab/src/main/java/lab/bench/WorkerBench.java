package lab.bench;

import common.Vote;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import lab.load.Ballots;
import lab.report.Measure;
import org.apache.commons.lang3.function.FailableFunction;
import redis.clients.jedis.Jedis;

/// The worker with a full queue, beside COPY of as many rows into the same table and beside the original's loop;
/// with few and with many voters stored already.
final class WorkerBench extends Suite {
    private static final int CHANGING_VOTERS = 100_000;
    private static final String COPY = "ceiling: COPY of as many rows";
    private static final String ORIGINAL = "peer: the original's loop";

    private final Ballots ballots = new Ballots();

    @Override
    void run() throws Exception {
        bed.stack.startStores();
        bed.start("worker");
        // the original's table has neither triggers nor tally
        bed.stack.postgres.execute(
                "CREATE SCHEMA original",
                "CREATE TABLE original.votes (id VARCHAR(255) NOT NULL UNIQUE, vote VARCHAR(255) NOT NULL)");
        bed.peer("worker", new OriginalWorker(bed.stack.redis.port(), bed.stack.postgres.port(), "original"));
        drain(ballots.newVoters(200_000)); // warm
        bed.stack.postgres.execute("TRUNCATE votes");
        List<Measure> rates = new ArrayList<>();
        for (int level : Pace.STORED) {
            ballots.fill(bed.stack.postgres, level);
            Measure rate = compare("new voters", level, _ -> ballots.newVoters(pace.votes()));
            atLeast(0.6, rate, OURS, COPY);
            rates.add(rate);
            compare("changed minds of %,d voters".formatted(CHANGING_VOTERS), level, this::changedMinds);
        }
        double share = rates.getLast().median(OURS) / rates.getFirst().median(OURS);
        report.atLeast(0.7, "worker, " + rates.getLast().name + " / none", List.of(share));
    }

    /// @param votes that are to be stored in a table
    private Measure compare(String what, int level, FailableFunction<String, List<Vote>, Exception> votes)
            throws Exception {
        Measure rate = measure("%s, %,d voters stored".formatted(what, level), "votes/s");
        var ours = variant(OURS, rate, level, () -> votes.apply("votes"), this::drain);
        var copy = variant(COPY, rate, level, () -> ballots.newVoters(pace.votes()), this::copy);
        var original = variant(ORIGINAL, rate, level, () -> votes.apply("original.votes"), this::original);
        interleave(rate.name, List.of(ours, ours.again(), copy, original));
        atLeast(30, rate, OURS, ORIGINAL);
        return rate;
    }

    /// Votes of voters who are in this table already.
    private List<Vote> changedMinds(String table) throws SQLException, IOException {
        List<Vote> voters = ballots.newVoters(CHANGING_VOTERS);
        Ballots.copy(bed.stack.postgres, table, voters);
        return ballots.changedMinds(voters, pace.votes());
    }

    /// A way to store votes; returns how many it stored a second.
    private interface Way {
        double store(List<Vote> votes) throws Exception;
    }

    private Variant variant(String name, Measure rate, int level, Callable<List<Vote>> votes, Way way) {
        return new Variant(name, each -> {
            forgetAllBut(level);
            List<Vote> queue = votes.call();
            bed.emptyRedis("always");
            bed.settle();
            return rate.add(each, way.store(queue));
        });
    }

    /// Forgets whoever an earlier sample added after the first `level` voters.
    private void forgetAllBut(int level) throws SQLException {
        bed.stack.postgres.execute(
                "TRUNCATE original.votes",
                level == 0
                        ? "TRUNCATE votes"
                        : "DELETE FROM votes WHERE id IN (SELECT id FROM votes ORDER BY id OFFSET " + level + ")");
    }

    /// Gives the running worker these votes all at once.
    private double drain(List<Vote> votes) {
        try (Jedis redis = bed.stack.redis.connect()) {
            Ballots.append(redis, "votes", votes);
            long start = System.nanoTime();
            bed.stack.awaitEmptyQueue();
            return votes.size() / ((System.nanoTime() - start) / 1e9);
        }
    }

    private double copy(List<Vote> votes) throws SQLException, IOException {
        return votes.size() / Ballots.copy(bed.stack.postgres, "votes", votes);
    }

    /// The original is so slow that it gets some seconds only, and a list of its own, which our worker keeps off.
    private double original(List<Vote> votes) throws InterruptedException {
        try (Jedis redis = bed.stack.redis.connect()) {
            Ballots.append(redis, OriginalWorker.QUEUE, votes);
            Thread.sleep((long) (1000 * pace.seconds())); // the time it is measured over
            long left = redis.llen(OriginalWorker.QUEUE);
            redis.del(OriginalWorker.QUEUE);
            return (votes.size() - left) / pace.seconds();
        }
    }
}
