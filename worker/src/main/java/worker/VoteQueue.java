package worker;

import common.Redis;
import common.Resource;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.args.ListDirection;
import redis.clients.jedis.exceptions.JedisDataException;

/// The Redis side of the worker: what waits, and the steps that change it, each a script. The list is taken as a
/// whole, so that producers go on with a fresh one and nobody appends to the batch that is being stored.
///
/// Whatever takes the place of Redis must keep what it has acknowledged, keep it in order, let a worker read messages
/// that stay where they are, and drop exactly those later, unless somebody else has dropped any.
final class VoteQueue {
    /// The same for all workers, for the reason given in [Worker].
    private static final String BATCH = "5000";

    private static final int GATHER_MILLIS = 10; // with the work itself some 50 batches a second
    private static final String MOST_REJECTED = "10000";
    private static final String TAKE = Resource.text(VoteQueue.class, "take.lua");
    private static final String CUT = Resource.text(VoteQueue.class, "cut.lua");
    private static final String RESET = Resource.text(VoteQueue.class, "reset.lua");

    private final Redis redis;
    private final Jedis connection;
    private final String votes;
    private final List<String> keys; // of all scripts
    private boolean wasBusy;

    VoteQueue(Redis redis, Jedis connection, String list) {
        this.redis = redis;
        this.connection = connection;
        votes = list;
        keys = Stream.of("%s", "{%s}:taken", "{%s}:rejected", "{%s}:stored", "{%s}:poll")
                .map(key -> key.formatted(list))
                .toList();
    }

    /// Waits until there is a vote, so many seconds at most, and changes nothing: it moves the first one onto its own
    /// place. After votes it lets more gather for a moment: each batch costs two disks.
    void await(int seconds) throws InterruptedException {
        Thread.sleep(wasBusy ? GATHER_MILLIS : 0); // a lone vote is not held up
        try {
            connection.blmove(votes, votes, ListDirection.LEFT, ListDirection.LEFT, seconds);
        } catch (JedisDataException e) {
            if (!e.getMessage().startsWith("OOM")) {
                throw e;
            }
            Thread.sleep(seconds * 1000); // a full Redis refuses even this, but not to be emptied
        }
    }

    /// Takes the waiting list by renaming it, unless one that was taken before is not finished, and reads the first
    /// batch of it. All of it stays in Redis.
    ///
    /// @throws JedisDataException if one of the keys is not what it should be: all waits until somebody removes it
    Batch take() {
        var answer = (List<?>) connection.eval(TAKE, keys, List.of(BATCH, "" + redis.minReplicas()));
        redis.confirm(connection); // a primary that was deposed while it slept would give old messages
        var messages = (List<?>) answer.getFirst();
        wasBusy = !messages.isEmpty();
        return Batch.of(messages, Long.parseLong((String) answer.get(1)), (Long) answer.get(2) - messages.size());
    }

    /// Drops the messages and keeps the rejected ones with their reasons, all or nothing. False if another worker has
    /// cut since they were taken: then the cut is his.
    boolean cut(Batch batch) {
        if (batch.size() == 0) {
            return true;
        }
        var arguments = new ArrayList<>(List.of("" + batch.before(), "" + batch.size(), MOST_REJECTED));
        batch.rejected().forEach(each -> arguments.add(each.toJson()));
        return connection.eval(CUT, keys, arguments).equals(1L);
    }

    /// Forgets all of it, within a second or never: a script that Redis would run when nobody waits for it any more
    /// could drop votes that came later.
    void forget() {
        long now = Long.parseLong(connection.time().getFirst());
        connection.eval(RESET, keys, List.of("" + (now + 1)));
        redis.confirm(connection);
    }
}
