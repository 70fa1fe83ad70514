package lab.jvm;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import lab.load.Ballots;
import lab.load.Bed;
import lab.load.LoadResult;
import lab.load.Usage;
import org.HdrHistogram.Histogram;
import redis.clients.jedis.Jedis;

/// Load for the worker: votes of ever new voters are put into the queue on schedule, a few every ten milliseconds, and
/// their latency is the time from then until PostgreSQL shows them as stored. Without a rate, the queue is never empty.
final class QueueLoad {
    private static final int SLOTS_A_SECOND = 100;
    private static final long SLOT_NANOS = 1_000_000_000 / SLOTS_A_SECOND;
    private static final long PATIENCE_NANOS = 5_000_000_000L;
    private static final int AHEAD = 100_000;

    /// One for all loads, so that nobody votes in two of them.
    private static final Ballots BALLOTS = new Ballots();

    private QueueLoad() {}

    static LoadResult run(Bed bed, int rate, double seconds) throws SQLException {
        try (Jedis redis = bed.stack.redis.connect();
                Connection database = bed.stack.postgres.connect();
                PreparedStatement stored = database.prepareStatement("SELECT stored FROM queue WHERE name = 'votes'")) {
            LoadResult result = run(redis, stored, rate, seconds);
            bed.stack.awaitEmptyQueue(); // for the next load
            return result;
        }
    }

    /// Votes are stored in the order of the queue: when so many are stored, it is the first ones.
    private static LoadResult run(Jedis redis, PreparedStatement stored, int rate, double seconds) throws SQLException {
        var latencies = LoadResult.intervals(seconds);
        int[] perSecond = new int[(int) Math.ceil(seconds)];
        double cpu = Usage.own();
        long before = number(stored);
        long start = System.nanoTime();
        long end = start + Math.round(seconds * 1e9);
        long total = Math.round(seconds * rate);
        long sent = 0;
        long seen = 0;
        long now = start;
        while (now < end || seen < total && now < end + PATIENCE_NANOS) {
            long slots = (now - start) / SLOT_NANOS + 1;
            long due = rate == 0 ? seen + AHEAD : Math.min(total, Math.ceilDiv(slots * rate, SLOTS_A_SECOND));
            Ballots.append(redis, "votes", BALLOTS.newVoters((int) (due - sent)));
            sent = due;
            long newest = number(stored) - before;
            now = System.nanoTime();
            if (now < end) {
                perSecond[(int) ((now - start) / 1_000_000_000)] += (int) (newest - seen);
            }
            for (; seen < newest; seen++) {
                if (seen < total) {
                    record(latencies, seen, start, rate, now);
                }
            }
        }
        for (long late = seen; late < total; late++) {
            record(latencies, late, start, rate, now);
        }
        return new LoadResult(0, Math.max(0, total - seen), seconds, latencies, perSecond, Usage.own() - cpu);
    }

    /// A vote was due at the beginning of its slot.
    private static void record(Histogram[] latencies, long vote, long start, int rate, long now) {
        long due = vote * SLOTS_A_SECOND / rate * SLOT_NANOS;
        LoadResult.record(latencies, due, now - start - due);
    }

    private static long number(PreparedStatement query) throws SQLException {
        try (ResultSet row = query.executeQuery()) {
            return row.next() ? row.getLong(1) : 0;
        }
    }
}
