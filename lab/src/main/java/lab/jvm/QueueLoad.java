package lab.jvm;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.concurrent.locks.LockSupport;
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
    private static final long PAUSE_NANOS = 500_000; // or asking would take a processor of the two that it shares
    private static final int AHEAD = 100_000;

    /// One for all loads, so that nobody votes in two of them.
    private static final Ballots BALLOTS = new Ballots();

    private QueueLoad() {}

    /// Votes are stored in the order of the queue: when so many are stored, it is the first ones.
    static LoadResult run(Bed bed, int rate, double seconds) throws SQLException {
        try (Jedis redis = bed.stack.redis.connect();
                Connection database = bed.stack.postgres.connect();
                PreparedStatement stored = database.prepareStatement("SELECT stored FROM queue WHERE name = 'votes'")) {
            var latencies = LoadResult.intervals(seconds);
            int[] perSecond = new int[(int) Math.ceil(seconds)];
            double cpu = Usage.own();
            long before = number(stored);
            long start = System.nanoTime();
            long end = Math.round(seconds * 1e9);
            long total = Math.round(seconds * rate);
            long sent = 0;
            long seen = 0;
            long now = 0; // since the start
            while (now < end || seen < total && now < end + PATIENCE_NANOS) {
                long slots = now / SLOT_NANOS + 1;
                long due = rate == 0 ? seen + AHEAD : Math.min(total, Math.ceilDiv(slots * rate, SLOTS_A_SECOND));
                Ballots.append(redis, "votes", BALLOTS.newVoters((int) (due - sent)));
                sent = due;
                long newest = number(stored) - before;
                now = System.nanoTime() - start;
                if (now < end) {
                    perSecond[(int) (now / 1_000_000_000)] += (int) (newest - seen);
                }
                record(latencies, seen, Math.min(newest, total), rate, now);
                seen = newest;
                LockSupport.parkNanos(PAUSE_NANOS);
            }
            record(latencies, seen, total, rate, now);
            long late = Math.max(0, total - seen);
            var result = new LoadResult(0, late, seconds, latencies, perSecond, Usage.own() - cpu);
            bed.stack.awaitEmptyQueue(); // for the next load
            return result;
        }
    }

    /// A vote was due at the beginning of its slot.
    private static void record(Histogram[] latencies, long first, long end, int rate, long now) {
        for (long vote = first; vote < end; vote++) {
            long due = vote * SLOTS_A_SECOND / rate * SLOT_NANOS;
            LoadResult.record(latencies, due, now - due);
        }
    }

    private static long number(PreparedStatement query) throws SQLException {
        try (ResultSet row = query.executeQuery()) {
            return row.next() ? row.getLong(1) : 0;
        }
    }
}
