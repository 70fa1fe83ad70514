package worker;

import common.Env;
import common.Metrics;
import common.Redis;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisException;
import worker.World.Process;
import worker.World.Variant;

/// One step of one worker. The real [Worker#moveBatch] begins its batch anew, with this in place of its connections to
/// Redis and PostgreSQL; it hears what it has heard before and one answer more, and is stopped at its next call.
final class Turn extends Jedis implements InvocationHandler {
    private static final Redis REDIS = Redis.from(new Env(Map.of()));
    private static final Metrics METRICS = new Metrics();
    private static final JedisException UNANSWERED = new JedisConnectionException("no answer");
    private static final SQLException ENDED = new SQLException("session ended");
    private static final Error STOPPED = new Error("stopped at its next call");

    private final World world;
    private final int index;
    private final boolean redisAnswers;

    private final Process worker;
    private final List<Object> heard;
    private int position;
    private boolean asksRedis;
    private boolean locked;

    private final Map<String, String> changes = new TreeMap<>();
    private final List<Object> parameters = new ArrayList<>();
    private String sql;

    Turn(World world, int index, boolean redisAnswers) {
        this.world = world;
        this.index = index;
        this.redisAnswers = redisAnswers;
        worker = world.workers.get(index);
        heard = new ArrayList<>(worker.heard());
        locked = worker.locked();
    }

    void take() {
        Thread.currentThread().interrupt(); // who finds the lock taken would sleep
        try {
            moveBatch(new VoteQueue(REDIS, this, Redis.VOTES), new VoteTable(standIn(Connection.class), Redis.VOTES));
            world.workers.set(index, new Process(List.of(), false, locked, worker.ended()));
        } catch (JedisException | SQLException | InterruptedException _) {
            world.workers.set(index, Process.FRESH);
        } catch (Error e) {
            if (e != STOPPED) {
                throw e;
            }
            world.workers.set(index, new Process(List.copyOf(heard), asksRedis, locked, worker.ended()));
        } finally {
            Thread.interrupted();
        }
    }

    private void moveBatch(VoteQueue queue, VoteTable table) throws SQLException, InterruptedException {
        boolean pops = world.variant == Variant.POP_THEN_WRITE;
        if (!pops && world.variant != Variant.CUT_BEFORE_COMMIT) {
            var progress = new Progress(Redis.VOTES, "", METRICS);
            new Worker(REDIS, null, Redis.VOTES, progress, null, null).moveBatch(queue, table);
        } else if (pops || table.begin()) {
            var taken = queue.take();
            queue.cut(taken);
            table.store(taken.votes(), taken.rejected());
            table.commit(taken);
        }
    }

    /// A script without an answer may still be run, at any later time. Batches are as small as the numbers here.
    @Override
    public Object eval(String script, List<String> keys, List<String> arguments) {
        int batchSize = world.variant == Variant.DIFFERENT_BATCH_SIZES ? 2 + index : 2;
        var call = arguments.size() == 2 ? List.of("" + batchSize) : List.copyOf(arguments);
        asksRedis = true;
        Object answer = hear(() -> {
            if (redisAnswers) {
                return world.run(call);
            }
            world.late = call;
            return UNANSWERED;
        });
        if (answer == UNANSWERED) {
            throw UNANSWERED;
        }
        return answer;
    }

    /// What [VoteTable] asks of its connection, its statements and their results.
    @Override
    public Object invoke(Object proxy, Method method, Object[] arguments) throws SQLException {
        return switch (method.getName()) {
            case "prepareStatement" -> {
                sql = (String) arguments[0];
                parameters.clear();
                yield standIn(PreparedStatement.class);
            }
            case "setObject" -> parameters.add(arguments[1]);
            case "execute" -> execute();
            case "getResultSet" -> standIn(ResultSet.class);
            case "next" -> true;
            case "commit" -> commit();
            case "setAutoCommit", "setSavepoint", "releaseSavepoint", "close" -> null;
            default -> throw new AssertionError("VoteTable asks what this stand-in does not know: " + method.getName());
        };
    }

    /// Whether the statement gives a row. Those that are not named here do not matter to the protocol.
    private boolean execute() throws SQLException {
        if (sql.startsWith("SELECT FROM queue")) {
            return postgres(() -> locked = world.variant == Variant.NO_ROW_LOCK || !world.isLocked(worker));
        }
        if (sql.startsWith("INSERT INTO votes")) {
            var ids = (String[]) parameters.get(0);
            for (int i = 0; i < ids.length; i++) {
                changes.put(ids[i], ((String[]) parameters.get(1))[i]);
            }
            return postgres(() -> false);
        }
        if (sql.contains("SET stored")) {
            changes.put("stored", "" + parameters.getFirst());
        }
        return false;
    }

    private Object commit() throws SQLException {
        postgres(() -> {
            world.rows.putAll(changes);
            return locked = false;
        });
        changes.clear();
        return null;
    }

    private boolean postgres(Supplier<Boolean> server) throws SQLException {
        asksRedis = false;
        Object answer = hear(() -> worker.ended() ? ENDED : server.get());
        if (answer == ENDED) {
            throw ENDED;
        }
        return (boolean) answer;
    }

    /// The next answer. The last one is new, unless the batch ends before it.
    private Object hear(Supplier<Object> server) {
        if (position > worker.heard().size()) {
            throw STOPPED;
        }
        if (position == heard.size()) {
            heard.add(server.get());
        }
        return heard.get(position++);
    }

    private <T> T standIn(Class<T> type) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, this));
    }
}
