package lab.bench;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.json.JSONObject;
import redis.clients.jedis.Jedis;

/// The original's way: its worker's loop, which pops a vote, tries an INSERT, and on an error does an UPDATE; and the
/// query of its result page.
public final class OriginalWorker {
    /// Where it waits for votes: not where our worker does.
    static final String QUEUE = "{votes}:original";

    /// What its result page reads every second.
    static final String COUNT = "SELECT vote, COUNT(id) AS count FROM votes GROUP BY vote";

    private OriginalWorker() {}

    /// Works off the queue for so long and returns how many votes a second it stored.
    static double drain(Jedis redis, Connection connection, double seconds) throws SQLException {
        long start = System.nanoTime();
        int stored = 0;
        while (System.nanoTime() - start < seconds * 1e9) {
            var vote = new JSONObject(redis.blpop(1, QUEUE).get(1));
            updateVote(connection, vote.getString("voter_id"), vote.getString("vote"));
            stored++;
        }
        return stored / ((System.nanoTime() - start) / 1e9);
    }

    /// The method of that name in the original, in Java as in .NET.
    public static void updateVote(Connection connection, String voterId, String vote) throws SQLException {
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
}
