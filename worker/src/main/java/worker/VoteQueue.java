package worker;

import common.Redis;
import java.util.List;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.Response;
import redis.clients.jedis.Transaction;
import redis.clients.jedis.args.ListDirection;
import redis.clients.jedis.exceptions.JedisDataException;

/// The Redis side of the worker: what waits, and the two steps that change it. The list is taken as a whole, so
/// that producers go on with a fresh one and nobody appends to the batch that is being stored.
///
/// Whatever takes the place of Redis must keep what it has acknowledged, keep it in order, let a worker read messages
/// that stay where they are, and drop exactly those later, unless somebody else has been at them.
final class VoteQueue {
    /// Every worker must use the same size: see [Worker] on why a batch that is stored again must end where it
    /// ended before.
    private static final int BATCH = 5000;

    private static final String VOTES = Redis.VOTES;
    private static final String TAKEN = "{votes}:taken";
    private static final String REJECTED = "{votes}:rejected";
    private static final String STORED = "{votes}:stored"; // how many messages were cut off so far
    private static final int MOST_REJECTED = 10_000;

    /// The first messages of the taken list, how many wait behind them, and how many were before them.
    record Peeked(List<String> messages, long behind, long before) {}

    private final Jedis redis;

    VoteQueue(Jedis redis) {
        this.redis = redis;
    }

    /// Waits until there is something to do, and changes nothing: it moves the first vote onto its own place.
    boolean await(int seconds) {
        return redis.blmove(VOTES, VOTES, ListDirection.LEFT, ListDirection.LEFT, seconds) != null
                || redis.exists(TAKEN);
    }

    /// Takes the waiting list, unless one that was taken before is not finished, and reads the first batch of it.
    /// From the WATCH on, which must come before the read, [#cut] succeeds only if nobody else has touched the
    /// taken list.
    ///
    /// @throws JedisDataException if one of the keys is not what it should be: all waits until somebody has
    ///     removed it
    Peeked peek() {
        Pipeline pipeline = redis.pipelined();
        // forgets the last peek's watch, if that found nothing: our own take would count as somebody's touch
        pipeline.sendCommand(Protocol.Command.UNWATCH, new String[0]);
        Response<Long> taken = pipeline.renamenx(VOTES, TAKEN);
        pipeline.sendCommand(Protocol.Command.WATCH, TAKEN);
        Response<List<String>> messages = pipeline.lrange(TAKEN, 0, BATCH - 1);
        Response<Long> inTaken = pipeline.llen(TAKEN);
        Response<Long> inVotes = pipeline.llen(VOTES);
        Response<Long> inRejected = pipeline.llen(REJECTED);
        Response<String> before = pipeline.get(STORED);
        pipeline.sync();
        ignoreNoSuchKey(taken);
        inRejected.get(); // in the cut it would be too late: what follows an error in EXEC is done all the same
        return new Peeked(
                messages.get(), inTaken.get() + inVotes.get() - messages.get().size(), number(before.get()));
    }

    private static long number(String text) {
        try {
            return text == null ? 0 : Long.parseLong(text);
        } catch (NumberFormatException _) {
            throw new JedisDataException(STORED + " is no number");
        }
    }

    private static void ignoreNoSuchKey(Response<Long> renamed) {
        try {
            renamed.get();
        } catch (JedisDataException e) {
            if (!e.getMessage().contains("no such key")) {
                throw e;
            }
        }
    }

    /// Drops the first `size` messages and keeps the rejected ones with their reasons, all or nothing. False if
    /// another worker has been at the list meanwhile: then the cut is his.
    boolean cut(int size, List<Rejected> rejected) {
        try (Transaction transaction = redis.multi()) {
            if (!rejected.isEmpty()) {
                transaction.rpush(
                        REJECTED, rejected.stream().map(Rejected::toJson).toArray(String[]::new));
                transaction.ltrim(REJECTED, -MOST_REJECTED, -1);
            }
            transaction.ltrim(TAKEN, size, -1);
            transaction.incrBy(STORED, size);
            return transaction.exec() != null;
        }
    }
}
