package lab.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import common.Resource;
import java.io.IOException;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import lab.stack.Await;
import lab.stack.Java;
import lab.stack.Service;
import lab.stack.Stack;
import lab.stack.TestSystem;
import org.json.JSONObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisDataException;
import worker.Worker;

/// Who forgets all votes forgets those that were cast before, wherever they are, and none that is cast afterwards.
class ResetTest {
    private static final String DONE = "All votes are forgotten.";

    private static TestSystem system;
    private static Service worker;

    private record Vote(String voter, long sent, long acknowledged) {}

    private record Outcome(int exitCode, String output) {}

    @BeforeAll
    static void start() {
        system = new TestSystem(Map.of(), "vote", "worker", "result").start();
        worker = system.service("worker");
    }

    @AfterAll
    static void stop() {
        system.close();
    }

    @BeforeEach
    void oneWorkerAndNoVotes() throws Exception {
        if (!worker.isAlive()) {
            worker.start();
        }
        worker.awaitReady();
        system.stack.awaitEmptyQueue();
        system.postgres.execute("TRUNCATE votes");
    }

    @Test
    void underLoadItDividesTheVotesWithoutARest() throws Exception {
        try (Service standby = system.start("worker", Map.of())) {
            assertTrue(standby.isAlive());
            for (int round = 0; round < 5; round++) {
                Queue<Vote> votes = new ConcurrentLinkedQueue<>();
                var stopping = new AtomicInteger();
                long start;
                long end;
                try (var voters = Executors.newFixedThreadPool(8)) {
                    for (int i = 0; i < 8; i++) {
                        String name = round + "" + i;
                        voters.submit(() -> vote(name, votes, stopping));
                    }
                    Await.until("votes flow", () -> votes.size() > 500);
                    start = System.nanoTime();
                    assertEquals(new Outcome(0, DONE), reset());
                    end = System.nanoTime();
                    int before = votes.size();
                    Await.until("votes flow on", () -> votes.size() > before + 500);
                    stopping.set(1);
                }
                system.stack.awaitEmptyQueue();
                Set<String> stored = stored();
                var reappeared = new TreeSet<String>();
                var lost = new TreeSet<String>();
                for (Vote vote : votes) {
                    if (vote.acknowledged < start && stored.contains(vote.voter)) {
                        reappeared.add(vote.voter);
                    }
                    if (vote.sent > end && !stored.contains(vote.voter)) {
                        lost.add(vote.voter);
                    }
                }
                assertEquals(Set.of(), reappeared);
                assertEquals(Set.of(), lost);
            }
        }
    }

    private static Void vote(String name, Queue<Vote> votes, AtomicInteger stopping) throws Exception {
        for (int i = 0; stopping.get() == 0; i++) {
            String voter = "%s%08x".formatted(name, i);
            long sent = System.nanoTime();
            if (system.service("vote").vote("a", "Cookie", "voter_id=" + voter).statusCode() == 200) {
                votes.add(new Vote(voter, sent, System.nanoTime()));
            }
        }
        return null;
    }

    @Test
    void whatWaitsIsForgottenWithoutAWorkerAndThePageKnows() throws Exception {
        push(1, 10);
        awaitStored(1, 10);
        worker.kill();
        push(11, 20);
        try (Jedis redis = system.redis.connect()) {
            redis.rename("votes", "{votes}:taken");
            redis.rpush("{votes}:rejected", "no vote");
            push(21, 30);
            String poll = redis.get("{votes}:poll");
            assertEquals(new Outcome(0, DONE), reset());
            assertEquals(0, redis.exists("votes", "{votes}:taken", "{votes}:rejected"));
            assertTrue(!redis.get("{votes}:poll").equals(poll), "the pages are told that it is another poll");
        }
        Await.until("the page shows that nobody has voted", () -> {
            JSONObject results = system.results();
            return results.getInt("total") == 0 && results.isNull("stored_at");
        });
        push(31, 40);
        worker.start();
        awaitStored(31, 40);
    }

    @Test
    void aWorkerFrozenBetweenCommitAndCutCutsNothingWhenItWakes() throws Exception {
        system.postgres.execute(
                "CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(1); RETURN NULL; END'",
                "CREATE CONSTRAINT TRIGGER slow AFTER INSERT ON votes DEFERRABLE INITIALLY DEFERRED"
                        + " FOR EACH ROW WHEN (NEW.id = 'voter10') EXECUTE FUNCTION slow()");
        try (Jedis redis = system.redis.connect()) {
            push(1, 10);
            Await.until(
                    "it commits",
                    () -> !system.postgres
                            .rows(
                                    "SELECT FROM pg_stat_activity WHERE application_name = 'worker' AND wait_event = 'PgSleep'")
                            .isEmpty());
            worker.freeze();
            awaitStored(1, 10);
            assertEquals(10, redis.llen("{votes}:taken"), "it has not cut");

            assertEquals(new Outcome(0, DONE), reset());
            push(11, 30);
            redis.rename("votes", "{votes}:taken"); // as by a worker that has died since
            worker.thaw();
            system.stack.awaitEmptyQueue();
            assertEquals(voters(11, 30), stored());
        } finally {
            worker.thaw();
            system.postgres.execute("DROP TRIGGER slow ON votes", "DROP FUNCTION slow");
        }
    }

    @Test
    void aWorkerFrozenWithTheLockIsWaitedFor() throws Exception {
        try (Connection other = system.postgres.connect()) {
            other.setAutoCommit(false);
            other.createStatement().execute("INSERT INTO votes VALUES ('voter1', 'b')");
            push(1, 10);
            Await.until(
                    "it holds the lock, and waits for ours",
                    () -> !system.postgres
                            .rows(
                                    "SELECT FROM pg_stat_activity WHERE application_name = 'worker' AND wait_event_type = 'Lock'")
                            .isEmpty());
            worker.freeze();
            other.rollback();
            assertEquals(new Outcome(0, DONE), reset());
            push(11, 20);
        } finally {
            worker.thaw();
        }
        system.stack.awaitEmptyQueue();
        assertEquals(voters(11, 20), stored());
    }

    @Test
    void oneSentenceSaysThatSomebodyHoldsTheLockAndNothingIsForgotten() throws Exception {
        push(1, 10);
        awaitStored(1, 10);
        try (Connection other = system.postgres.connect()) {
            other.setAutoCommit(false);
            other.createStatement().execute("SELECT FROM queue FOR UPDATE");
            push(11, 20);
            assertFailed("ERROR: canceling statement due to lock timeout", reset());
        }
        awaitStored(1, 20);
    }

    @Test
    void oneSentenceSaysWhichStoreIsAway() throws Exception {
        push(1, 10);
        awaitStored(1, 10);
        String nobody = Integer.toString(Stack.freePort());
        assertFailed("connection refused", reset(Map.of("REDIS_PORT", nobody)));
        assertFailed("connection refused", reset(Map.of("PGPORT", nobody)));
        assertEquals(voters(1, 10), stored());
    }

    @Test
    void aScriptThatComesTooLateForgetsNothing() {
        try (Jedis redis = system.redis.connect()) {
            worker.kill();
            push(1, 10);
            List<String> keys = List.of("votes", "{votes}:taken", "{votes}:rejected", "{votes}:stored", "{votes}:poll");
            String second = Long.toString(Long.parseLong(redis.time().getFirst()) - 1);
            String script = Resource.text(Worker.class, "reset.lua");
            assertThrows(JedisDataException.class, () -> redis.eval(script, keys, List.of(second)));
            assertEquals(10, redis.llen("votes"));
        }
    }

    private static void assertFailed(String reason, Outcome outcome) {
        assertEquals(new Outcome(1, "Not all votes are forgotten (" + reason + "). Try it again."), outcome);
    }

    /// As `./build.sh reset` and `docker compose run --rm reset` call it.
    private static Outcome reset() throws IOException, InterruptedException {
        return reset(Map.of());
    }

    private static Outcome reset(Map<String, String> settings) throws IOException, InterruptedException {
        var builder = Java.command(
                        Java.LAUNCHER, List.of("-cp"), Stack.root().resolve("worker/target/worker.jar"), "worker.Reset")
                .redirectErrorStream(true);
        builder.environment().put("REDIS_HOST", "127.0.0.1");
        builder.environment().put("REDIS_PORT", "" + system.redis.port());
        builder.environment().put("PGHOST", "127.0.0.1");
        builder.environment().put("PGPORT", "" + system.postgres.port());
        builder.environment().putAll(settings);
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes()).strip();
        return new Outcome(process.waitFor(), output);
    }

    private static void push(int first, int last) {
        try (Jedis redis = system.redis.connect()) {
            redis.rpush(
                    "votes",
                    IntStream.rangeClosed(first, last)
                            .mapToObj("{\"voter_id\": \"voter%d\", \"vote\": \"a\"}"::formatted)
                            .toArray(String[]::new));
        }
    }

    private static Set<String> voters(int first, int last) {
        return new HashSet<>(IntStream.rangeClosed(first, last)
                .mapToObj(number -> "voter" + number)
                .toList());
    }

    private static Set<String> stored() throws Exception {
        List<String> ids = new ArrayList<>();
        system.postgres.rows("SELECT id FROM votes").forEach(row -> ids.add(row.getFirst()));
        return new HashSet<>(ids);
    }

    private static void awaitStored(int first, int last) {
        Await.until("these are stored", () -> stored().equals(voters(first, last)));
    }
}
