package lab.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import lab.bench.OriginalWorker;
import lab.stack.Service;
import lab.stack.TestSystem;
import org.json.JSONObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;

/// Each part may be the original's: these tests write exactly what the originals write and read what they read.
class InteroperabilityTest {
    private static TestSystem system;

    /// A table that the original made, with votes in it, before any of our services came.
    @BeforeAll
    static void adopt() throws Exception {
        system = new TestSystem(Map.of(), "vote", "worker", "result");
        system.stack.startStores();
        system.postgres.execute(
                "CREATE TABLE IF NOT EXISTS votes (id VARCHAR(255) NOT NULL UNIQUE, vote VARCHAR(255) NOT NULL)");
        system.postgres.execute("INSERT INTO votes SELECT 'old' || n, CASE WHEN n % 3 = 0 THEN 'b' ELSE 'a' END"
                + " FROM generate_series(1, 30) AS n");
        system.stack.services().forEach(Service::start);
        system.stack.awaitReady();
    }

    @AfterAll
    static void stop() {
        system.close();
    }

    @Test
    void aTableOfTheOriginalIsAdoptedAndEveryWriterIsCounted() throws Exception {
        system.awaitVotes(20, 10);

        // the original's Python page: json.dumps puts a space after each colon and comma
        try (Jedis redis = system.redis.connect()) {
            redis.rpush("votes", "{\"voter_id\": \"9f8e7d6c5b4a392\", \"vote\": \"b\"}");
            redis.rpush("votes", "{\"vote\": \"a\", \"voter_id\": \"old3\"}");
        }
        system.awaitVotes(21, 10);

        // the original's workers: INSERT, and after a failure UPDATE, row by row
        try (Connection connection = system.postgres.connect()) {
            OriginalWorker.updateVote(connection, "1234567890abcde", "a");
            OriginalWorker.updateVote(connection, "1234567890abcde", "b");
            OriginalWorker.updateVote(connection, "old1", "b");
        }
        system.awaitVotes(20, 12);

        // the original's Node page: SELECT vote, COUNT(id) AS count FROM votes GROUP BY vote
        assertEquals(
                Set.of(List.of("a", "20"), List.of("b", "12")),
                Set.copyOf(system.postgres.rows("SELECT vote, COUNT(id) AS count FROM votes GROUP BY vote")));

        // a hand in psql
        system.postgres.execute("DELETE FROM votes WHERE id IN ('old2', 'old4')");
        system.awaitVotes(18, 12);
        system.postgres.execute("TRUNCATE votes");
        system.awaitVotes(0, 0);
    }

    @Test
    void anOriginalWorkerCanReadWhatWePush() throws Exception {
        system.service("worker").kill();
        try (Jedis redis = system.redis.connect()) {
            var answer = system.service("vote").vote("b");
            var message = new JSONObject(redis.blpop(30, "votes").get(1));
            assertEquals(TestSystem.voterId(answer), message.getString("voter_id"));
            assertEquals("b", message.getString("vote"));
            assertEquals(2, message.length());
        } finally {
            system.service("worker").start();
        }
    }

    @Test
    void theTableRefusesWhatTheOriginalsRefuses() {
        assertThrows(SQLException.class, () -> system.postgres.execute("INSERT INTO votes VALUES (NULL, 'a')"));
        assertThrows(
                SQLException.class, () -> system.postgres.execute("INSERT INTO votes VALUES (repeat('x', 256), 'a')"));
    }
}
