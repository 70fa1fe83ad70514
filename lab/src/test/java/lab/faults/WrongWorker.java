package lab.faults;

import common.Database;
import common.Env;
import common.Metrics;
import common.Redis;
import common.Vote;
import common.WebServer;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Transaction;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;

/// Workers that look right and are not: the judge must convict each of them.
final class WrongWorker {
    enum Way {
        POP_THEN_WRITE,
        NO_ROW_LOCK,
        NO_COMPARISON,
        CUT_BEFORE_COMMIT,
        TRIM_VOTES_DIRECTLY
    }

    private static final String TAKEN = "{votes}:taken";
    private static final int BATCH = 1000;

    private final Way way;
    private final Jedis redis;
    private final Connection connection;
    private final PreparedStatement upsert;
    private final String list;

    private WrongWorker(Way way, Jedis redis, Connection connection) throws SQLException {
        this.way = way;
        this.redis = redis;
        this.connection = connection;
        this.list = way == Way.TRIM_VOTES_DIRECTLY ? Redis.VOTES : TAKEN;
        upsert = connection.prepareStatement(
                "INSERT INTO votes VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET vote = EXCLUDED.vote");
    }

    static void main() throws IOException, InterruptedException {
        var env = new Env(System.getenv());
        Way way = Way.valueOf(System.getProperty("wrong"));
        Redis place = Redis.from(env);
        new WebServer(env.port("PORT", 80), new Metrics(), List.of()).start(".");
        while (true) {
            try (var redis = place.connect(Redis.VOTES);
                    Connection connection = Database.from(env).connect("worker")) {
                var worker = new WrongWorker(way, redis, connection);
                while (true) {
                    worker.work();
                }
            } catch (JedisException | SQLException _) {
                Thread.sleep(100); // before the next try
            }
        }
    }

    private void work() throws SQLException, InterruptedException {
        if (way == Way.POP_THEN_WRITE) {
            List<String> messages = redis.lpop(Redis.VOTES, 10);
            if (messages != null) {
                hesitate(20);
                store(messages);
            }
            return;
        }
        connection.setAutoCommit(way == Way.NO_ROW_LOCK);
        if (way != Way.NO_ROW_LOCK) {
            connection.createStatement().execute("SELECT FROM queue WHERE name = 'votes' FOR UPDATE");
        }
        List<String> messages = peek();
        if (way == Way.CUT_BEFORE_COMMIT) {
            cut(messages.size());
        }
        hesitate(20);
        store(messages);
        if (way != Way.NO_ROW_LOCK) {
            connection.commit();
        }
        hesitate(20);
        if (way != Way.CUT_BEFORE_COMMIT) {
            cut(messages.size());
        }
    }

    private List<String> peek() {
        if (way != Way.TRIM_VOTES_DIRECTLY) {
            try {
                redis.renamenx(Redis.VOTES, TAKEN);
            } catch (JedisDataException _) {
                // nobody has voted
            }
        }
        if (way == Way.NO_ROW_LOCK || way == Way.CUT_BEFORE_COMMIT) {
            redis.watch(TAKEN);
        }
        return redis.lrange(list, 0, BATCH - 1);
    }

    private void cut(int size) {
        try (Transaction transaction = redis.multi()) {
            transaction.ltrim(list, size, -1);
            transaction.exec();
        }
    }

    private void store(List<String> messages) throws SQLException {
        for (String message : messages) {
            try {
                Vote vote = Vote.parse(message);
                upsert.setString(1, vote.voterId());
                upsert.setString(2, vote.key());
                upsert.execute();
            } catch (IllegalArgumentException _) {
                // none is sent to these workers
            }
        }
    }

    /// As a busy machine or a slow network would make it: what is wrong shows in seconds instead of hours.
    private static void hesitate(int millis) throws InterruptedException {
        Thread.sleep(millis); // the hesitation itself
    }
}
