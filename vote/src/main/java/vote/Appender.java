package vote;

import static java.util.Objects.requireNonNullElse;

import common.Env;
import common.Metrics;
import common.Outage;
import common.Redis;
import common.Vote;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.TimeUnit;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.params.SetParams;

/// Appends votes to a Redis list. Requests leave their vote here and wait; one thread takes all that wait and
/// appends them with a single `RPUSH`. While Redis writes those to disk, the next ones gather: the busier the page,
/// the larger the batch, and a lone vote never waits for company.
final class Appender {
    private static final int MAX_BATCH = 5_000;
    private static final long QUIET_NANOS = 10_000_000; // long enough for a restart of Redis
    private static final long POLL_NANOS = 1_000_000_000;

    private record Pending(String message, CompletableFuture<Boolean> taken) {}

    private final Redis redis;
    private final String list;
    final Outage outage;

    /// The number of the poll, as it was a second ago or later: whoever forgets all votes raises it, or forgets it too.
    volatile String poll = "unknown";

    private final BlockingQueue<Pending> waiting = new LinkedTransferQueue<>(); // no more than there are connections
    private final Metrics metrics;
    private long pollReadAt = System.nanoTime() - POLL_NANOS;
    private Jedis connection; // null when there is none; the one thread's own, as is the next
    private long usedAt;

    Appender(Redis redis, String list, Metrics metrics) {
        this.redis = redis;
        this.list = list;
        outage = new Outage("Redis" + redis.about(list));
        this.metrics = metrics;
        metrics.gauge("votes_pending{list=\"" + list + "\"}", waiting::size); // for the next RPUSH
        Thread.ofPlatform().name("append to " + list).daemon().start(() -> Env.run(_ -> appendForEver()));
    }

    /// Returns when Redis has the vote, on disk if it is configured so; false if it may not have it.
    boolean append(Vote vote) {
        var pending = new Pending(vote.toMessage(), new CompletableFuture<>());
        waiting.add(pending);
        return pending.taken.join();
    }

    private void appendForEver() throws InterruptedException {
        List<Pending> batch = new ArrayList<>();
        while (true) {
            try {
                // while nobody votes: sees that Redis goes, and soon that it comes
                Pending first = waiting.poll(outage.cause() == null ? 1000 : 50, TimeUnit.MILLISECONDS);
                if (first != null) {
                    batch.add(first);
                    waiting.drainTo(batch, MAX_BATCH - 1);
                }
                push(batch.stream().map(Pending::message).toArray(String[]::new));
                outage.worked();
                metrics.counter("vote_batches_total").add(batch.isEmpty() ? 0 : 1); // RPUSH commands
                finish(batch, true);
            } catch (RuntimeException | Error e) {
                disconnect();
                outage.failed(e);
                waiting.drainTo(batch); // they would only wait as long for the same answer
                finish(batch, false);
            }
        }
    }

    private void finish(List<Pending> batch, boolean taken) {
        metrics.counter(taken ? "votes_accepted_total" : "votes_refused_total").add(batch.size());
        batch.forEach(pending -> pending.taken.complete(taken));
        batch.clear();
    }

    /// No vote is sent twice, whatever became of it: what was sent may still be on its way, and arrive after a later
    /// vote. So a connection that may be dead, as after a restart of Redis, is tried without a vote.
    private void push(String[] messages) {
        try {
            connect();
        } catch (JedisConnectionException e) {
            if (connection == null || e.getCause() instanceof SocketTimeoutException) {
                throw e;
            }
            disconnect();
            connect();
        }
        if (messages.length > 0) {
            connection.rpush(list, messages);
        }
        redis.confirm(connection);
        usedAt = System.nanoTime();
    }

    private void connect() {
        connection = connection == null ? redis.connect(list) : connection;
        long now = System.nanoTime();
        if (now - usedAt > QUIET_NANOS || now - pollReadAt > POLL_NANOS) {
            // a command that is refused whenever a vote would be, and changes nothing unless there is no number yet
            String first = Long.toString(System.currentTimeMillis());
            poll = requireNonNullElse(connection.setGet("{" + list + "}:poll", first, new SetParams().nx()), first);
            pollReadAt = now;
        }
    }

    /// After any failure: an answer that is still to come would be taken for the next command's.
    private void disconnect() {
        try (Jedis _ = connection) {
            connection = null;
        } catch (JedisConnectionException _) {
            // it ended before
        }
    }
}
