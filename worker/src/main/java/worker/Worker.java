package worker;

import common.Env;
import common.Log;
import common.Metrics;
import common.Outage;
import common.WebServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisException;

/// Moves votes from the Redis list to PostgreSQL. It reads like the original Java worker: connect, connect, loop.
/// But where the original pops a vote and hopes to live until it is written, this one takes the waiting list,
/// peeks at a batch, stores it, commits, and only then cuts it off: nothing leaves the queue before it is
/// committed.
///
/// ```
/// await    a vote waits, or a taken list is left over        nothing is changed
/// begin    lock this queue's row, if nobody has it           one worker at a time, until its transaction ends
/// peek     take the waiting list by renaming it, watch it,   it stays in Redis, and nobody appends to it any more
///          read its first 5,000 messages
/// store    one upsert: each voter once, his last vote        not visible yet
/// commit                                                     stored, and the lock is gone
/// cut      drop the messages, keep the rejected ones         refused if anyone changed the list since the watch
/// ```
///
/// | dies, freezes or is cut off | in Redis | in PostgreSQL | what the next worker does |
/// | --- | --- | --- | --- |
/// | before begin | all | nothing | goes on: nobody waits for the lost one |
/// | holding the lock | all | nothing | tries again until it is free, then reads the same batch; a late commit fails |
/// | at the commit | all | all or nothing | stores the batch again: same votes, same order, nothing changes |
/// | between commit and cut | all | all | likewise, and cuts it; a late cut is refused |
/// | at the cut | all or nothing | all | likewise, or finds the next batch |
///
/// The lock dies with its session: at once if the worker died, after five seconds if it froze or its line was cut
/// (see [common.Database]), after eight if that was in the middle of a statement (see [VoteTable]). Redis and
/// PostgreSQL may die at each of these places too: the worker then finds its connection broken and begins again,
/// as a next worker would. A watch dies with its connection, and with it the cut that relies on it.
///
/// A batch that is stored again ends where it ended before: a taken list only shrinks, by whole batches of the one
/// size that all workers share, so their bounds never move. With other bounds a voter could step back to an
/// earlier vote. `ProtocolTest` walks through every state of this, and of what remains if any part of it is left
/// out.
public final class Worker {
    private static final int LONGEST_WAIT_SECONDS = 1;
    private static final long STANDBY_MILLIS = 20;
    private static final long HEARTBEAT_NANOS = 2_000_000_000; // the result page misses a worker after three of them

    private final Settings settings;
    private final Outage redisOutage = new Outage("Redis");
    private final Outage databaseOutage = new Outage("PostgreSQL");
    private final Progress progress;
    private volatile boolean stopping;

    private Worker(Settings settings, Metrics metrics) {
        this.settings = settings;
        this.progress = new Progress(metrics);
    }

    static void main() throws InterruptedException {
        Settings settings = Env.settings(Settings::from);
        var metrics = new Metrics();
        var worker = new Worker(settings, metrics);
        var server = new WebServer(
                settings.port(),
                metrics,
                Map.of("redis", worker.redisOutage::cause, "postgresql", worker.databaseOutage::cause));
        server.start();
        Log.info("Health and metrics on port %d", server.port());
        Thread loop = Thread.currentThread();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> worker.stop(server, loop), "stop"));
        try {
            worker.run();
        } catch (RuntimeException | Error e) {
            // a fault of our own: better ended and started again than alive without a loop
            Log.error("The worker cannot go on", e);
            System.exit(1);
        }
    }

    /// Lets the batch in hand be finished; waits at most as long as the loop may wait for a vote.
    private void stop(WebServer server, Thread loop) {
        stopping = true;
        server.stop();
        try {
            loop.join(LONGEST_WAIT_SECONDS * 1000 + 500);
        } catch (InterruptedException _) {
            // nobody waits for us any more
        }
    }

    private void run() throws InterruptedException {
        while (!stopping) {
            try (Jedis redis = connectToRedis();
                    Connection connection = connectToDatabase()) {
                moveVotes(new VoteQueue(redis), new VoteTable(connection));
            } catch (JedisException e) {
                redisOutage.failed(e);
                redisOutage.pause();
            } catch (SQLException e) {
                databaseOutage.failed(e);
                databaseOutage.pause();
            }
        }
    }

    /// The first batch, even an empty one, shows whether both neighbours do what is asked of them: one that takes
    /// the connection and then refuses to work is still an outage, with pauses that grow.
    private void moveVotes(VoteQueue queue, VoteTable table) throws SQLException, InterruptedException {
        boolean more = moveBatch(queue, table);
        redisOutage.over();
        databaseOutage.over();
        Log.info("Watching the vote queue");
        long heartbeat = System.nanoTime();
        while (!stopping) {
            if (more || queue.await(LONGEST_WAIT_SECONDS) || System.nanoTime() - heartbeat > HEARTBEAT_NANOS) {
                more = moveBatch(queue, table);
                heartbeat = System.nanoTime();
            } else {
                progress.report();
            }
        }
    }

    /// Moves one batch, and says whether there was one.
    private boolean moveBatch(VoteQueue queue, VoteTable table) throws SQLException, InterruptedException {
        if (!table.begin()) {
            Thread.sleep(STANDBY_MILLIS); // another one works: sees soon whether it still does
            return false;
        }
        var peeked = queue.peek();
        int size = peeked.messages().size();
        var batch = Batch.of(peeked.messages(), settings.options());
        List<Rejected> rejected = table.store(batch);
        table.commit(peeked);
        if (size > 0 && queue.cut(size, rejected)) {
            progress.stored(batch, rejected, peeked.behind());
        }
        return size > 0;
    }

    private Jedis connectToRedis() throws InterruptedException {
        while (true) {
            try {
                return settings.redis().connect(LONGEST_WAIT_SECONDS * 1000);
            } catch (JedisException e) {
                redisOutage.failed(e);
                redisOutage.pause();
            }
        }
    }

    private Connection connectToDatabase() throws InterruptedException {
        while (true) {
            try {
                return settings.database().connect("worker");
            } catch (SQLException e) {
                databaseOutage.failed(e);
                databaseOutage.pause();
            }
        }
    }
}
