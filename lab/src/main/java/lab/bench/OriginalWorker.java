package lab.bench;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.concurrent.FutureTask;
import lab.load.Fork;
import lab.stack.PostgresServer;
import org.json.JSONObject;
import redis.clients.jedis.Jedis;

/// The original's way: its worker's loop, which pops a vote, tries an INSERT, and on an error does an UPDATE; and the
/// query of its result page. As work it goes on until its process ends.
///
/// @param schema where its table is
public record OriginalWorker(int redisPort, int postgresPort, String schema) implements Fork.Work<Integer> {
    /// Where it waits for votes: not where our worker does.
    static final String QUEUE = "{votes}:original";

    /// What its result page reads every second.
    static final String COUNT = "SELECT vote, COUNT(id) AS count FROM votes GROUP BY vote";

    @Override
    public Integer work() throws SQLException {
        var redis = new Jedis("127.0.0.1", redisPort);
        Connection connection = new PostgresServer(Path.of(""), postgresPort).connect();
        connection.setSchema(schema);
        Thread.ofPlatform().start(new FutureTask<>(() -> {
            while (true) {
                var vote = new JSONObject(redis.blpop(0, QUEUE).get(1));
                updateVote(connection, vote.getString("voter_id"), vote.getString("vote"));
            }
        }));
        return 0;
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
