package lab.jvm;

import common.Redis;
import common.Vote;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.stream.IntStream;
import lab.load.Bed;
import lab.load.LoadResult;
import lab.load.Usage;
import org.HdrHistogram.Histogram;
import redis.clients.jedis.Jedis;

/// Load for the worker: votes of ever new voters are put into the queue on schedule, a few every ten milliseconds, and
/// their latency is the time from then until PostgreSQL shows them as stored. Without a rate, the queue is never empty.
final class QueueLoad {
    private static final long SLOT_NANOS = 10_000_000;
    private static final long PATIENCE_NANOS = 5_000_000_000L;
    private static final int CHUNK = 10_000;
    private static final int AHEAD = 5 * CHUNK;

    private static long voter = System.currentTimeMillis() << 20; // ids rise, as the page's do

    /// The last votes of a slot: stored when so many are stored in all.
    private record Slot(long due, long stored, int votes) {}

    private final Jedis redis;
    private final PreparedStatement stored;
    private final Histogram latencies = LoadResult.histogram();

    private QueueLoad(Jedis redis, PreparedStatement stored) {
        this.redis = redis;
        this.stored = stored;
    }

    static LoadResult run(Bed bed, int rate, double seconds) throws SQLException {
        try (Jedis redis = bed.stack.redis.connect();
                Connection database = bed.stack.postgres.connect();
                PreparedStatement stored = database.prepareStatement("SELECT stored FROM queue WHERE name = 'votes'")) {
            LoadResult result = new QueueLoad(redis, stored).run(rate, seconds);
            bed.stack.awaitEmptyQueue(); // for the next load
            return result;
        }
    }

    private LoadResult run(int rate, double seconds) throws SQLException {
        double cpu = Usage.of(ProcessHandle.current()).cpuSeconds();
        long before = stored();
        long start = System.nanoTime();
        long end = start + (long) (seconds * 1e9);
        long slots = rate == 0 ? 0 : (long) (seconds * 1e9 / SLOT_NANOS);
        int[] perSecond = new int[(int) Math.ceil(seconds)];
        Deque<Slot> waiting = new ArrayDeque<>();
        long sent = 0;
        long slot = 0;
        long now = start;
        long seen = 0;
        long seenInTime = 0;
        while (now < end || !waiting.isEmpty() && now < end + PATIENCE_NANOS) {
            if (rate == 0 && sent - seen < AHEAD) {
                sent += enqueue(CHUNK);
            }
            for (; slot < slots && start + slot * SLOT_NANOS <= now; slot++) {
                int votes = (int) (Math.round((slot + 1) * rate / 100.0) - Math.round(slot * rate / 100.0));
                sent += enqueue(votes);
                waiting.add(new Slot(start + slot * SLOT_NANOS, sent, votes));
            }
            long more = stored() - before - seen;
            now = System.nanoTime();
            seen += more;
            if (now < end) {
                seenInTime += more;
                perSecond[(int) ((now - start) / 1_000_000_000)] += (int) more;
            }
            while (!waiting.isEmpty() && waiting.peek().stored <= seen) {
                record(waiting.pop(), now);
            }
        }
        long unanswered = waiting.stream().mapToInt(Slot::votes).sum();
        for (Slot late : waiting) {
            record(late, now);
        }
        double used = Usage.of(ProcessHandle.current()).cpuSeconds() - cpu;
        return new LoadResult(seenInTime, 0, unanswered, seconds, latencies, perSecond, used);
    }

    private void record(Slot slot, long now) {
        latencies.recordValueWithCount(now - slot.due, Math.max(1, slot.votes));
    }

    private int enqueue(int votes) {
        if (votes > 0) {
            redis.rpush(
                    Redis.VOTES,
                    IntStream.range(0, votes)
                            .mapToObj(i -> new Vote("%032x".formatted(voter++), i % 2 == 0 ? "a" : "b").toMessage())
                            .toArray(String[]::new));
        }
        return votes;
    }

    private long stored() throws SQLException {
        try (ResultSet row = stored.executeQuery()) {
            return row.next() ? row.getLong(1) : 0;
        }
    }
}
