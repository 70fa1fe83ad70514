package vote;

import common.HttpError;
import common.Log;
import common.Metrics;
import common.Outage;
import common.Redis;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisException;

/// Appends votes to the Redis list. Requests leave their vote here and wait; one thread takes all that wait and
/// appends them with a single `RPUSH`. While Redis writes those to disk, the next ones gather: the busier the page,
/// the larger the batch, and a lone vote never waits for company.
final class VoteQueue {
    static final HttpError UNAVAILABLE = new HttpError(
            503,
            "Votes cannot be taken right now, and yours may not have been counted. Please vote again in a moment.",
            Map.of("Retry-After", "2"));

    private static final int MAX_BATCH = 5_000;

    private record Pending(String message, CompletableFuture<Long> done) {}

    private final Outage outage = new Outage("Redis");
    private final BlockingQueue<Pending> waiting = new LinkedTransferQueue<>(); // no more than there are connections
    private final LongAdder accepted;
    private final LongAdder refused;
    private final LongAdder batches;

    VoteQueue(Redis redis, Metrics metrics) {
        accepted = metrics.counter("votes_accepted_total", "Votes that Redis has");
        refused = metrics.counter("votes_refused_total", "Votes answered with 503");
        batches = metrics.counter("vote_batches_total", "RPUSH commands that carried the accepted votes");
        metrics.gauge("votes_pending", "Votes that wait for the next RPUSH", waiting::size);
        Thread.ofPlatform().name("append").daemon().start(() -> appendForEver(redis.pool()));
    }

    /// Returns when Redis has the message, on disk if it is configured so: how many wait in its list with this one.
    ///
    /// @throws HttpError 503 when Redis does not take it
    long append(String message) throws InterruptedException {
        var pending = new Pending(message, new CompletableFuture<>());
        waiting.add(pending);
        try {
            return pending.done.get();
        } catch (ExecutionException _) {
            throw UNAVAILABLE;
        }
    }

    /// Why Redis cannot be used, or null.
    String unavailable() {
        return outage.cause(); // known without asking Redis, however often somebody wants to know
    }

    private void appendForEver(RedisClient redis) {
        List<Pending> batch = new ArrayList<>();
        while (true) {
            try {
                // while nobody votes: sees that Redis goes, and soon that it comes
                Pending first = waiting.poll(outage.cause() == null ? 1000 : 50, TimeUnit.MILLISECONDS);
                if (first == null) {
                    withRetry(redis, redis::ping);
                    outage.over();
                    continue;
                }
                batch.add(first);
                waiting.drainTo(batch, MAX_BATCH - 1);
                String[] messages = batch.stream().map(Pending::message).toArray(String[]::new);
                long inList = withRetry(redis, () -> redis.rpush(Redis.VOTES, messages));
                outage.over();
                accepted.add(batch.size());
                batches.increment();
                batch.forEach(pending -> pending.done.complete(inList));
            } catch (InterruptedException _) {
                return;
            } catch (JedisException e) {
                outage.failed(e);
                refuse(batch, e);
            } catch (RuntimeException e) {
                Log.error("Votes could not be appended", e);
                refuse(batch, e);
            }
            batch.clear();
        }
    }

    /// Refuses the batch and whoever came meanwhile: they would only wait as long for the same answer.
    private void refuse(List<Pending> batch, Exception reason) {
        waiting.drainTo(batch);
        refused.add(batch.size());
        batch.forEach(pending -> pending.done.completeExceptionally(reason));
    }

    /// After a restart of Redis the pooled connections are dead, which shows only when one is used. Trying once
    /// more is safe: appended twice in a row, the same vote of the same voter counts once.
    private static <T> T withRetry(RedisClient redis, Supplier<T> command) {
        try {
            return command.get();
        } catch (JedisConnectionException _) {
            redis.getPool().clear();
            return command.get();
        }
    }
}
