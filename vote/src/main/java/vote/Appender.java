package vote;

import static java.util.Objects.requireNonNullElse;

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
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.params.SetParams;

/// Appends votes to the Redis list. Requests leave their vote here and wait; one thread takes all that wait and
/// appends them with a single `RPUSH`. While Redis writes those to disk, the next ones gather: the busier the page,
/// the larger the batch, and a lone vote never waits for company.
final class Appender {
    private static final int MAX_BATCH = 5_000;
    private static final long QUIET_NANOS = 10_000_000; // long enough for a restart of Redis

    /// A list that never exists: RPUSHX changes nothing there, yet is refused whenever a vote would be.
    private static final String NOWHERE = "{votes}:nowhere";

    private static final long POLL_NANOS = 1_000_000_000;

    private record Pending(String message, CompletableFuture<Boolean> taken) {}

    private final Redis redis;
    final Outage outage = new Outage("Redis");

    /// The number of the poll, as it was a second ago or later: whoever forgets all votes raises it, or forgets it too.
    volatile String poll = "unknown";

    private final BlockingQueue<Pending> waiting = new LinkedTransferQueue<>(); // no more than there are connections
    private final LongAdder accepted;
    private final LongAdder refused;
    private final LongAdder batches;
    private long pollReadAt = System.nanoTime() - POLL_NANOS;
    private Jedis connection; // null when there is none; the one thread's own, as is the next
    private long usedAt;

    Appender(Redis redis, Metrics metrics) {
        this.redis = redis;
        accepted = metrics.counter("votes_accepted_total");
        refused = metrics.counter("votes_refused_total");
        batches = metrics.counter("vote_batches_total"); // RPUSH commands that carried the accepted votes
        metrics.gauge("votes_pending", waiting::size); // for the next RPUSH
        Thread.ofPlatform().name("append").daemon().start(this::appendForEver);
    }

    /// Returns when Redis has the vote, on disk if it is configured so; false if it may not have it.
    boolean append(Vote vote) {
        var pending = new Pending(vote.toMessage(), new CompletableFuture<>());
        waiting.add(pending);
        return pending.taken.join();
    }

    private void appendForEver() {
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
                batches.add(batch.isEmpty() ? 0 : 1);
                finish(batch, accepted, true);
            } catch (InterruptedException _) {
                return;
            } catch (RuntimeException | Error e) {
                outage.failed(e);
                waiting.drainTo(batch); // they would only wait as long for the same answer
                finish(batch, refused, false);
            }
        }
    }

    private static void finish(List<Pending> batch, LongAdder counter, boolean taken) {
        counter.add(batch.size());
        batch.forEach(pending -> pending.taken.complete(taken));
        batch.clear();
    }

    /// No vote is sent twice, whatever became of it: what was sent may still be on its way, and arrive after a later
    /// vote.
    private void push(String[] messages) {
        if (messages.length == 0 || System.nanoTime() - usedAt > QUIET_NANOS) {
            probe(connection != null);
        }
        if (messages.length > 0) {
            ask(redis -> redis.rpush(Redis.VOTES, messages));
        }
        usedAt = System.nanoTime();
        if (usedAt - pollReadAt > POLL_NANOS) {
            String now = Long.toString(System.currentTimeMillis()); // for a poll that has no number yet
            ask(redis -> poll = requireNonNullElse(redis.setGet("{votes}:poll", now, new SetParams().nx()), now));
            pollReadAt = usedAt;
        }
    }

    /// After a restart of Redis the connection is dead, which shows only when it is used: then once more, on another.
    private void probe(boolean mayBeDead) {
        try {
            ask(redis -> redis.rpushx(NOWHERE, ""));
        } catch (JedisConnectionException e) {
            if (!mayBeDead || e.getCause() instanceof SocketTimeoutException) {
                throw e;
            }
            probe(false);
        }
    }

    private void ask(Consumer<Jedis> command) {
        try {
            connection = connection == null ? redis.connect(0) : connection;
            command.accept(connection);
        } catch (RuntimeException | Error e) {
            if (connection != null) { // an answer that is still to come on it would be taken for the next one's
                connection.close();
                connection = null;
            }
            throw e;
        }
    }
}
