package lab.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
        system = new TestSystem(Map.of());
        system.stack.startStores();
        system.sql("CREATE TABLE IF NOT EXISTS votes (id VARCHAR(255) NOT NULL UNIQUE, vote VARCHAR(255) NOT NULL)");
        system.sql("INSERT INTO votes SELECT 'old' || n, CASE WHEN n % 3 = 0 THEN 'b' ELSE 'a' END"
                + " FROM generate_series(1, 30) AS n");
        system.stack.startServices();
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
        try (Jedis redis = system.redis()) {
            redis.rpush("votes", "{\"voter_id\": \"9f8e7d6c5b4a392\", \"vote\": \"b\"}");
            redis.rpush("votes", "{\"vote\": \"a\", \"voter_id\": \"old3\"}");
        }
        system.awaitVotes(21, 10);

        // the original's workers: INSERT, and after a failure UPDATE, row by row
        try (Connection connection = system.stack.postgres().connect()) {
            originalUpdateVote(connection, "1234567890abcde", "a");
            originalUpdateVote(connection, "1234567890abcde", "b");
            originalUpdateVote(connection, "old1", "b");
        }
        system.awaitVotes(20, 12);

        // the original's Node page: SELECT vote, COUNT(id) AS count FROM votes GROUP BY vote
        Map<String, Integer> counts = new HashMap<>();
        try (Connection connection = system.stack.postgres().connect();
                var rows = connection
                        .createStatement()
                        .executeQuery("SELECT vote, COUNT(id) AS count FROM votes GROUP BY vote")) {
            while (rows.next()) {
                counts.put(rows.getString("vote"), rows.getInt("count"));
            }
        }
        assertEquals(Map.of("a", 20, "b", 12), counts);

        // a hand in psql
        system.sql("DELETE FROM votes WHERE id IN ('old2', 'old4')");
        system.awaitVotes(18, 12);
        system.sql("TRUNCATE votes");
        system.awaitVotes(0, 0);
    }

    /// The original's `updateVote`, in Java as in .NET.
    private static void originalUpdateVote(Connection connection, String voterId, String vote) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO votes (id, vote) VALUES (?, ?)")) {
            insert.setString(1, voterId);
            insert.setString(2, vote);
            insert.executeUpdate();
        } catch (SQLException _) {
            try (PreparedStatement update = connection.prepareStatement("UPDATE votes SET vote = ? WHERE id = ?")) {
                update.setString(1, vote);
                update.setString(2, voterId);
                update.executeUpdate();
            }
        }
    }

    @Test
    void anOriginalWorkerCanReadWhatWePush() throws Exception {
        system.worker.kill();
        try (Jedis redis = system.redis()) {
            Voter voter = system.voter();
            voter.vote("b");
            List<String> popped = redis.blpop(TestSystem.SECONDS, "votes");
            var message = new JSONObject(popped.get(1));
            assertEquals(voter.cookie("voter_id"), message.getString("voter_id"));
            assertEquals("b", message.getString("vote"));
            assertEquals(2, message.length());
        } finally {
            system.worker.start();
        }
    }

    @Test
    void theTableRefusesWhatTheOriginalsRefuses() {
        assertThrows(SQLException.class, () -> system.sql("INSERT INTO votes VALUES (NULL, 'a')"));
        assertThrows(SQLException.class, () -> system.sql("INSERT INTO votes VALUES (repeat('x', 256), 'a')"));
    }
}
