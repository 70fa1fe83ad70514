package lab.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import lab.stack.Await;
import lab.stack.Service;
import lab.stack.Stack;
import org.json.JSONObject;
import redis.clients.jedis.Jedis;

/// The whole system as the tests see it: real stores in a folder of their own, the built jars, and what a user can ask.
final class TestSystem implements AutoCloseable {
    static final int SECONDS = 30;

    final Stack stack;
    final Service vote;
    final Service worker;
    final Service result;

    /// A system that is not started yet, with these settings for all services.
    TestSystem(Map<String, String> settings) throws IOException {
        Path target = Files.createDirectories(Stack.root().resolve("lab/target/e2e"));
        stack = new Stack(Files.createTempDirectory(target, "data"), settings, System.out::println);
        vote = stack.add("vote", Stack.freePort(), List.of());
        worker = stack.add("worker", Stack.freePort(), List.of());
        result = stack.add("result", Stack.freePort(), List.of());
    }

    static TestSystem started(Map<String, String> settings) throws IOException {
        var system = new TestSystem(settings);
        system.stack.start();
        system.stack.awaitReady();
        return system;
    }

    Voter voter() {
        return new Voter(vote.address());
    }

    /// What the result page's JSON says.
    JSONObject results() throws IOException, InterruptedException {
        return new JSONObject(new Voter(result.address()).get("results").body());
    }

    /// Waits until the result page shows these counts for the options in their order.
    void awaitVotes(int... expected) {
        var wanted = new StringJoiner(" ");
        for (int count : expected) {
            wanted.add(Integer.toString(count));
        }
        Await.until("the result shows " + wanted, () -> wanted.toString().equals(counts()));
    }

    private String counts() throws IOException, InterruptedException {
        var counts = new StringJoiner(" ");
        for (Object option : results().getJSONArray("options")) {
            counts.add(Integer.toString(((JSONObject) option).getInt("votes")));
        }
        return counts.toString();
    }

    Jedis redis() {
        return new Jedis("127.0.0.1", stack.redis().port());
    }

    void awaitEmptyQueue() {
        try (Jedis redis = redis()) {
            Await.until("the queue is empty", () -> !redis.exists("votes") && !redis.exists("{votes}:taken"));
        }
    }

    /// The first column of the first row.
    String sql(String query) throws SQLException {
        try (Connection connection = stack.postgres().connect();
                Statement statement = connection.createStatement()) {
            if (!statement.execute(query)) {
                return null;
            }
            var rows = statement.getResultSet();
            return rows.next() ? rows.getString(1) : null;
        }
    }

    @Override
    public void close() {
        stack.close();
    }
}
