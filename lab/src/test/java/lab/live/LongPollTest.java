package lab.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import lab.stack.Await;
import lab.stack.Service;
import lab.stack.Stack;
import org.json.JSONObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The result server as scripts and its own page use it: held requests, versions, conditional requests.
class LongPollTest {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final int SOON = 60;

    private static Stack stack;
    private static Service result;

    @BeforeAll
    static void start(@TempDir Path data) {
        stack = new Stack(data, Map.of(), _ -> {});
        result = stack.add("result", Stack.freePort(), List.of());
        stack.start();
        stack.awaitReady();
    }

    @AfterAll
    static void stop() {
        stack.close();
    }

    private static HttpRequest request(String path, String... headers) {
        var request = HttpRequest.newBuilder(URI.create(result.address() + path));
        return (headers.length == 0 ? request : request.headers(headers)).build();
    }

    private static HttpResponse<String> get(String path, String... headers) throws Exception {
        return CLIENT.send(request(path, headers), BodyHandlers.ofString());
    }

    private static JSONObject standing() throws Exception {
        return new JSONObject(get("results").body());
    }

    /// A request that is held until there is news.
    private static CompletableFuture<JSONObject> news() throws Exception {
        return CLIENT.sendAsync(request("results?after=" + standing().getString("version")), BodyHandlers.ofString())
                .thenApply(response -> new JSONObject(response.body()));
    }

    private static long metric(String name) throws Exception {
        return get("metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToLong(line -> Long.parseLong(line.split(" ")[1]))
                .sum();
    }

    private static void sql(String sql) throws Exception {
        try (Connection connection = stack.postgres().connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Test
    void everyHeldRequestIsAnsweredByTheSameNews() throws Exception {
        sql("TRUNCATE votes");
        Await.until("nobody has voted", () -> standing().getLong("total") == 0);
        List<CompletableFuture<JSONObject>> held = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            held.add(news());
        }
        Await.until("all are held", () -> metric("polls_held") == held.size());
        long before = metric("standing_reads_total");
        sql("INSERT INTO votes VALUES ('held', 'b')");
        for (var each : held) {
            assertEquals(1, each.get(SOON, TimeUnit.SECONDS).getLong("total"));
        }
        assertTrue(metric("standing_reads_total") - before < held.size(), "viewers must not cost queries");
    }

    @Test
    void heldRequestsAreReleasedOnStop() throws Exception {
        var held = news();
        Await.until("it is held", () -> metric("polls_held") == 1);
        result.process().destroy();
        assertFalse(held.get(SOON, TimeUnit.SECONDS).getString("version").isEmpty());
        result.process().onExit().get(SOON, TimeUnit.SECONDS);
        result.start();
        stack.awaitReady();
    }

    @Test
    void theVersionOutlivesARestart() throws Exception {
        sql("TRUNCATE votes");
        Await.until("nobody has voted", () -> standing().getLong("total") == 0);
        sql("INSERT INTO votes VALUES ('again', 'a')");
        Await.until("it is counted", () -> standing().getLong("total") == 1);
        String version = standing().getString("version");
        result.stop();
        result.start();
        stack.awaitReady();
        Await.until(
                "it is the same version", () -> standing().getString("version").equals(version));
    }

    @Test
    void plainPollersGet304UntilThereIsNews() throws Exception {
        for (String path : List.of("", "results", "results.csv")) {
            var first = get(path);
            String tag = first.headers().firstValue("ETag").orElseThrow();
            assertEquals(304, get(path, "If-None-Match", tag).statusCode(), path);
            sql("INSERT INTO votes VALUES ('poller of /%s', 'a')".formatted(path));
            Await.until(
                    "/" + path + " is another",
                    () -> get(path, "If-None-Match", tag).statusCode() == 200);
            assertNotEquals(first.body(), get(path).body());
        }
    }

    @Test
    void newsArriveAfterTheDatabaseWasKilled() throws Exception {
        stack.postgres().kill();
        Await.until("it says so", () -> !standing().getBoolean("database"));
        assertEquals(503, get("readyz").statusCode());
        var held = news();
        stack.postgres().start();
        assertTrue(held.get(SOON, TimeUnit.SECONDS).getBoolean("database"));
        var next = news();
        sql("INSERT INTO votes VALUES ('after the restart', 'a')");
        assertTrue(next.get(SOON, TimeUnit.SECONDS).getLong("total") > 0);
    }

    @Test
    void aDatabaseThatHangsIsNotTakenForAQuietOne() throws Exception {
        var held = news();
        stack.postgres().freeze();
        try {
            assertFalse(held.get(SOON, TimeUnit.SECONDS).getBoolean("database"));
        } finally {
            stack.postgres().thaw();
        }
        Await.until("it answers again", () -> standing().getBoolean("database"));
    }

    @Test
    void newsArriveWithoutNotifications() throws Exception {
        sql("TRUNCATE votes");
        Await.until("nobody has voted", () -> standing().getLong("total") == 0);
        sql("UPDATE tally SET count = 7 WHERE vote = 'a'"); // no trigger, no NOTIFY
        Await.until("it is seen", () -> standing().getLong("total") == 7);
        sql("UPDATE tally SET count = 0 WHERE vote = 'a'");
    }

    @Test
    void theTallyIsRightUnderWritersOfAllKinds() throws Exception {
        sql("TRUNCATE votes");
        List<CompletableFuture<Void>> writers = new ArrayList<>();
        for (int writer = 0; writer < 6; writer++) {
            String name = "w" + writer;
            writers.add(CompletableFuture.runAsync(() -> write(name)));
        }
        CompletableFuture.allOf(writers.toArray(CompletableFuture[]::new)).get(60, TimeUnit.SECONDS);
        try (Connection connection = stack.postgres().connect();
                Statement statement = connection.createStatement();
                var wrong = statement.executeQuery("""
                        SELECT * FROM (SELECT vote, count(*) AS counted FROM votes GROUP BY vote) AS v
                        FULL JOIN tally USING (vote) WHERE coalesce(counted, 0) <> coalesce(count, 0)
                        """)) {
            assertFalse(wrong.next(), "the tally differs from the votes");
        }
    }

    /// One vote a statement and many a statement, changes of mind, and votes taken back, each in its own order.
    private static void write(String writer) {
        try (Connection connection = stack.postgres().connect();
                Statement statement = connection.createStatement()) {
            for (int round = 0; round < 30; round++) {
                String option = Stream.of("a", "b", "c").toList().get((round + writer.hashCode()) % 3);
                statement.execute("INSERT INTO votes VALUES ('%s-%d', '%s')".formatted(writer, round, option));
                statement.execute(
                        "INSERT INTO votes SELECT '%1$s-%2$d-' || n, chr(97 + n %% 3) FROM generate_series(1, 5) n"
                                .formatted(writer, round));
                statement.execute("UPDATE votes SET vote = '%s' WHERE id LIKE '%s-%d-%%' AND vote <> 'b'"
                        .formatted(option, writer, round));
                statement.execute("DELETE FROM votes WHERE id = '%s-%d-1'".formatted(writer, round));
            }
        } catch (java.sql.SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
