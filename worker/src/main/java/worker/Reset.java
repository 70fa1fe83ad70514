package worker;

import common.Database;
import common.Env;
import common.Outage;
import common.Redis;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisException;

/// Forgets all votes while the system runs: those acknowledged before it are gone, those acknowledged after it stay.
///
/// It locks the lists' rows as workers do, so that none is between begin and commit. The queue goes while the lock
/// is held, and the table with its commit: no worker can store what it had read before. One that has stored, and not
/// yet cut, is refused as if another had cut. If this fails, all votes may be there, or only those in the table.
final class Reset {
    // 7 s: the server needs five to end a worker that is frozen with the lock
    private static final String FORGET = """
            SET LOCAL lock_timeout = '7s';
            INSERT INTO queue (name) VALUES %s ON CONFLICT (name) DO UPDATE SET waiting = 0, stored_at = NULL;
            SET LOCAL lock_timeout = '2s';
            TRUNCATE votes;
            """;

    static void main() {
        Env.run(Reset::start);
    }

    private static void start(Env env) {
        Redis redis = Redis.from(env);
        Database database = Database.from(env);
        try (Connection connection = database.connect("reset");
                Statement table = connection.createStatement()) {
            connection.setAutoCommit(false);
            table.execute(FORGET.formatted("('" + String.join("'), ('", redis.lists()) + "')"));
            for (String list : redis.lists()) {
                try (Jedis queue = redis.connect(list)) {
                    new VoteQueue(redis, queue, list).forget();
                }
            }
            connection.commit();
            System.out.println("All votes are forgotten.");
        } catch (SQLException | JedisException e) {
            System.err.printf("Not all votes are forgotten (%s). Try it again.%n", Outage.reason(e));
            System.exit(1);
        }
    }
}
