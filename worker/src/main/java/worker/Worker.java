package worker;

import common.Database;
import common.Env;
import common.Metrics;
import common.Outage;
import common.Redis;
import common.WebServer;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisException;

/// Moves votes from the Redis list to PostgreSQL. It reads like the original Java worker: connect, connect, loop.
/// But where the original pops a vote and hopes to live until it is written, this one takes the waiting list, stores
/// a batch of it, commits, and only then cuts it off ([#moveBatch]): nothing leaves the queue before its commit.
///
/// | dies, freezes or is cut off | in Redis | in PostgreSQL | what the next worker does |
/// | --- | --- | --- | --- |
/// | before begin | all | nothing | goes on: nobody waits for the lost one |
/// | holding the lock | all | nothing | tries again until it is free, then takes the same batch; a late commit fails |
/// | at the commit | all | all or nothing | stores the batch again: same votes, same order, nothing changes |
/// | between commit and cut | all | all | likewise, and cuts it; a late cut is refused |
/// | at the cut | all or nothing | all | likewise, or finds the next batch |
///
/// The lock dies with its session: at once if the worker died, after five seconds if it froze or its line was cut
/// (see [common.Database]), after eight if that was in the middle of a statement (see [VoteTable]). Where Redis or
/// PostgreSQL dies instead, the worker finds its connection broken and begins again, as a next worker would.
///
/// A batch that is stored again ends where it ended before: a taken list only shrinks, by whole batches of the one
/// size that all workers share, so their bounds never move. With other bounds a voter could step back to an
/// earlier vote. `ProtocolTest` walks through every state, also of the protocols with one part left out.
public record Worker(
        Redis redis, Database database, String list, Progress progress, Outage redisOutage, Outage databaseOutage) {
    private static final int LONGEST_WAIT_SECONDS = 1; // the result page misses a worker after ten
    private static final long STANDBY_MILLIS = 20;

    private static Worker of(Redis redis, Database database, String list, Metrics metrics) {
        String about = redis.about(list);
        var progress = new Progress(list, about, metrics);
        return new Worker(
                redis, database, list, progress, new Outage("Redis" + about), new Outage("PostgreSQL" + about));
    }

    static void main() {
        Env.run(Worker::start);
    }

    private static void start(Env env) throws IOException {
        var redis = Redis.from(env);
        var database = Database.from(env);
        var metrics = new Metrics();
        List<Worker> workers = redis.lists().stream()
                .map(list -> of(redis, database, list, metrics))
                .toList();
        List<Outage> neighbours = workers.stream()
                .flatMap(each -> Stream.of(each.redisOutage, each.databaseOutage))
                .toList();
        new WebServer(env.port("PORT", 80), metrics, neighbours).start(".");
        workers.forEach(each -> Thread.ofPlatform().name(each.list).start(() -> Env.run(_ -> each.run())));
    }

    private void run() throws InterruptedException {
        while (true) {
            try (Connection connection = database.connect("worker")) {
                var table = new VoteTable(connection, list);
                while (true) {
                    moveVotes(table);
                }
            } catch (SQLException e) {
                databaseOutage.failed(e);
                databaseOutage.pause();
            }
        }
    }

    private void moveVotes(VoteTable table) throws SQLException, InterruptedException {
        try (Jedis connection = redis.connect(list)) {
            var queue = new VoteQueue(redis, connection, list);
            while (true) {
                boolean more = moveBatch(queue, table);
                redisOutage.worked(); // only now: a neighbour that lets us in may still refuse to work
                databaseOutage.worked();
                if (!more) {
                    queue.await(LONGEST_WAIT_SECONDS);
                }
            }
        } catch (JedisException e) {
            redisOutage.failed(e);
            table.giveUp();
            databaseOutage.worked();
            redisOutage.pause();
        }
    }

    /// Moves one batch, and says whether more wait behind it.
    boolean moveBatch(VoteQueue queue, VoteTable table) throws SQLException, InterruptedException {
        progress.report();
        if (!table.begin()) { // one worker at a time has the list's row, until its transaction ends
            Thread.sleep(STANDBY_MILLIS); // sees soon whether the other one still works
            return true;
        }
        var batch = queue.take(); // all stays in Redis, and nobody appends to it any more
        table.store(batch.votes(), batch.rejected()); // each voter once, his last vote
        table.commit(batch);
        if (queue.cut(batch)) { // nothing, if anybody has cut since it was taken
            progress.add(batch);
        }
        return batch.behind() > 0;
    }
}
