package lab.hostile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.sql.SQLException;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import lab.stack.Await;
import lab.stack.RedisServer;
import lab.stack.TestSystem;
import org.json.JSONObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisDataException;

/// A Redis with no memory left takes no vote, and is emptied all the same: by the worker, while it stays as small as it
/// is, and without a restart of anything.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FullMemoryTest {
    private static final int BATCH = 5000;
    private static final int CLIENTS = 16;

    private final TestSystem system = new TestSystem(Map.of(), "vote", "worker").start();
    private final RedisServer redis = system.redis;
    private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
    private final Set<String> garbage = ConcurrentHashMap.newKeySet();

    @AfterAll
    void stop() {
        system.close();
    }

    @Test
    void votesFillItWhileTheDatabaseIsAwayAndAreAllStoredWhenThatIsBack() throws Exception {
        List<Long> processes = processes();
        system.postgres.stop();
        leave(1 << 19);
        try (var clients = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Void> each : clients.invokeAll(Collections.nCopies(CLIENTS, untilRefused()))) {
                each.get();
            }
        }
        assertTrue(acknowledged.size() > BATCH, "more than a batch waits");
        assertTrue(!garbage.isEmpty(), "some garbage among it");
        leave(-(1 << 17)); // what its clients had in their buffers was not room for votes

        system.postgres.start();
        system.stack.awaitEmptyQueue();
        Set<String> lost = new HashSet<>(acknowledged);
        lost.removeAll(stored());
        assertEquals(Set.of(), lost);
        assertEquals(garbage, rejected());
        Await.until("votes are taken again", () -> vote() == 200);
        Await.until("and stored", () -> stored().containsAll(acknowledged));
        assertEquals(processes, processes(), "nothing was restarted");
    }

    private void leave(long bytes) {
        try (Jedis connection = redis.connect()) {
            connection.configSet("maxmemory", Long.toString(redis.usedMemory() + bytes));
        }
    }

    private Callable<Void> untilRefused() {
        return () -> {
            for (int i = 1; vote() == 200; i++) {
                if (i % 100 == 0) {
                    pushGarbage();
                }
            }
            return null;
        };
    }

    private int vote() throws IOException, InterruptedException {
        var answer = system.service("vote").vote("a");
        if (answer.statusCode() == 200) {
            acknowledged.add(TestSystem.voterId(answer));
        }
        return answer.statusCode();
    }

    private void pushGarbage() {
        String message = "garbage after " + acknowledged.size() + " votes";
        try (Jedis connection = redis.connect()) {
            connection.rpush("votes", message);
            garbage.add(message);
        } catch (JedisDataException _) {
            // full
        }
    }

    private Set<String> stored() throws SQLException {
        return system.postgres.rows("SELECT id FROM votes").stream()
                .map(List::getFirst)
                .collect(Collectors.toSet());
    }

    private Set<String> rejected() {
        try (Jedis connection = redis.connect()) {
            return connection.lrange("{votes}:rejected", 0, -1).stream()
                    .map(entry -> new JSONObject(entry).getString("message"))
                    .collect(Collectors.toSet());
        }
    }

    private List<Long> processes() {
        return List.of(
                redis.process().pid(),
                system.service("vote").process().pid(),
                system.service("worker").process().pid());
    }
}
