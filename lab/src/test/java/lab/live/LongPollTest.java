package lab.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import lab.stack.Await;
import lab.stack.PostgresServer;
import lab.stack.Service;
import lab.stack.TestSystem;
import org.json.JSONObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// The result server as scripts and its own page use it: held requests and versions.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LongPollTest {
    /// A request is held for 25 seconds: an answer that comes sooner came because of news.
    private static final long SOONER_SECONDS = 20;

    private final TestSystem system = new TestSystem(Map.of(), "result").start();
    private final PostgresServer postgres = system.postgres;
    private final Service result = system.service("result");

    @AfterAll
    void stop() {
        system.close();
    }

    private void awaitTotal(int total) {
        Await.until("the total is " + total, () -> system.results().getInt("total") == total);
    }

    private void nobodyHasVoted() throws SQLException {
        postgres.execute("TRUNCATE votes");
        awaitTotal(0);
    }

    /// Asks for news, as the page does, until there is some of this; asked again, it is held again.
    private CompletableFuture<Void> news(Predicate<JSONObject> isOfIt) throws Exception {
        String version = system.results().getString("version");
        return CompletableFuture.runAsync(
                () -> {
                    try {
                        var answer = new JSONObject().put("version", version);
                        do {
                            answer = new JSONObject(result.get("results?after=" + answer.getString("version"))
                                    .body());
                        } while (!isOfIt.test(answer));
                    } catch (Exception e) {
                        throw new IllegalStateException(e);
                    }
                },
                task -> Thread.ofVirtual().start(task));
    }

    /// Holds one request, or several, while something happens, and waits for news of it.
    private void assertNews(int requests, Predicate<JSONObject> isOfIt, Happening happening) throws Exception {
        List<CompletableFuture<Void>> held = new ArrayList<>();
        for (int i = 0; i < requests; i++) {
            held.add(news(isOfIt));
        }
        Await.until("all are held", () -> result.metric("polls_held") == requests);
        happening.happen();
        for (var each : held) {
            each.get(SOONER_SECONDS, TimeUnit.SECONDS);
        }
    }

    private interface Happening {
        void happen() throws Exception;
    }

    @Test
    void everyHeldRequestIsAnsweredByTheSameNews() throws Exception {
        nobodyHasVoted();
        double before = result.metric("standing_reads_total");
        assertNews(
                100,
                news -> news.getInt("total") == 1,
                () -> postgres.execute("INSERT INTO votes VALUES ('held', 'b')"));
        assertTrue(result.metric("standing_reads_total") - before < 100, "viewers must not cost queries");
    }

    @Test
    void heldRequestsAreReleasedOnStop() throws Exception {
        var told = new AtomicBoolean();
        assertNews(1, _ -> told.get(), () -> {
            told.set(true);
            result.process().destroy();
        });
        result.process().onExit().join();
        result.start();
        result.awaitReady();
    }

    @Test
    void theVersionOutlivesARestart() throws Exception {
        nobodyHasVoted();
        postgres.execute("INSERT INTO votes VALUES ('again', 'a')");
        awaitTotal(1);
        Await.until("it is no news any more", () -> !system.results().getBoolean("worker"));
        String version = system.results().getString("version");
        result.stop();
        result.start();
        result.awaitReady();
        Await.until(
                "it is the same version",
                () -> system.results().getString("version").equals(version));
    }

    @Test
    void newsArriveAfterTheDatabaseWasKilled() throws Exception {
        postgres.kill();
        Await.until("it says so", () -> !system.results().getBoolean("database"));
        Await.until("it is not ready", () -> result.unready() != null);
        assertNews(1, news -> news.getBoolean("database"), postgres::start);
        assertNews(
                1,
                news -> news.getInt("total") > 0,
                () -> postgres.execute("INSERT INTO votes VALUES ('after the restart', 'a')"));
    }

    @Test
    void aDatabaseThatHangsIsNotTakenForAQuietOne() throws Exception {
        try {
            assertNews(1, news -> !news.getBoolean("database"), postgres::freeze);
        } finally {
            postgres.thaw();
        }
        Await.until("it answers again", () -> system.results().getBoolean("database"));
    }

    @Test
    void newsArriveWithoutNotifications() throws Exception {
        nobodyHasVoted();
        double reads = result.metric("standing_reads_total");
        Await.until("no notification is on its way", () -> result.metric("standing_reads_total") >= reads + 2);
        postgres.execute("UPDATE tally SET count = 7 WHERE vote = 'a'"); // no trigger, no NOTIFY
        awaitTotal(7);
        postgres.execute("UPDATE tally SET count = 0 WHERE vote = 'a'");
    }

    @Test
    void theTallyIsRightUnderWritersOfAllKinds() throws Exception {
        postgres.execute("TRUNCATE votes");
        List<CompletableFuture<Void>> writers = new ArrayList<>();
        for (int writer = 0; writer < 6; writer++) {
            String name = "w" + writer;
            writers.add(CompletableFuture.runAsync(() -> write(name)));
        }
        CompletableFuture.allOf(writers.toArray(CompletableFuture[]::new)).join();
        assertEquals(List.of(), postgres.rows("""
                SELECT * FROM (SELECT vote, count(*) AS counted FROM votes GROUP BY vote) AS v
                FULL JOIN tally USING (vote) WHERE coalesce(counted, 0) <> coalesce(count, 0)
                """), "the tally differs from the votes");
    }

    /// One vote a statement and many a statement, changes of mind, and votes taken back, each in its own order.
    private void write(String writer) {
        try (Connection connection = postgres.connect();
                Statement statement = connection.createStatement()) {
            for (int round = 0; round < 30; round++) {
                char option = "abc".charAt(Math.floorMod(round + writer.hashCode(), 3));
                statement.execute("INSERT INTO votes VALUES ('%s-%d', '%s')".formatted(writer, round, option));
                statement.execute(
                        "INSERT INTO votes SELECT '%1$s-%2$d-' || n, chr(97 + n %% 3) FROM generate_series(1, 5) n"
                                .formatted(writer, round));
                statement.execute("UPDATE votes SET vote = '%s' WHERE id LIKE '%s-%d-%%' AND vote <> 'b'"
                        .formatted(option, writer, round));
                statement.execute("DELETE FROM votes WHERE id = '%s-%d-1'".formatted(writer, round));
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
