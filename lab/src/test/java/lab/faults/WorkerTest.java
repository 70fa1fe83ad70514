package lab.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.sql.Connection;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import lab.stack.Await;
import org.json.JSONObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;

/// What once went wrong, or nearly, each by its name: two real workers on real stores.
class WorkerTest {
    private static final String WAITS =
            "SELECT FROM pg_stat_activity WHERE application_name = 'worker' AND wait_event_type = 'Lock'";

    private static Rig rig;

    @BeforeAll
    static void start() throws Exception {
        rig = new Rig(2, false).start();
    }

    @AfterAll
    static void stop() {
        rig.close();
    }

    @BeforeEach
    void twoWorkersAndNoVotes() throws Exception {
        rig.wires.forEach(Proxy::open);
        rig.stack.restartWhatEnded();
        rig.stack.awaitReady();
        Rigs.forget(rig);
    }

    @Test
    void aWorkerFrozenWithTheLockGivesItBack() throws Exception {
        rig.workers.get(1).kill();
        try (Connection other = rig.stack.postgres.connect()) {
            other.setAutoCommit(false);
            other.createStatement().execute("INSERT INTO votes VALUES ('%s', 'b')".formatted(voter(1)));
            push(1, 10);
            Await.until(
                    "it holds the lock, and waits for ours",
                    () -> !rig.stack.postgres.rows(WAITS).isEmpty());
            rig.workers.get(0).freeze();
            other.rollback();
        }
        rig.workers.get(1).start();
        awaitStoredByTheOther(10);
        rig.workers.get(0).thaw();
        push(11, 20);
        awaitStored(20);
    }

    @Test
    void aWorkerCutOffInTheMiddleOfAStatementGivesTheLockBack() throws Exception {
        rig.workers.get(1).kill();
        databaseWireOfFirstWorker().hangAfter(20_000);
        push(1, 1000);
        Await.until("half a batch is under way", databaseWireOfFirstWorker()::isHung);
        rig.workers.get(1).start();
        awaitStoredByTheOther(1000);
    }

    @Test
    void aKeyOfTheWrongTypeStopsTheWorkersUntilItIsGoneAndNoVoteIsLost() throws Exception {
        for (String key : List.of("votes", "{votes}:taken", "{votes}:rejected", "{votes}:stored")) {
            Rigs.forget(rig);
            try (Jedis redis = rig.stack.redis.connect()) {
                redis.set(key, "no list");
                String found = key.equals("votes") ? "{votes}:taken" : key; // it was taken as any list
                Await.until("a worker says which", () -> said(found + " is not a "));
                Await.until("it is out of the way", () -> redis.exists(found));
                redis.del(found);
                push(1, 10);
            }
            awaitStored(10);
            Await.until("the worker is ready", () -> unready().isEmpty());
        }
    }

    /// With 64 MB of heap, of which Redis alone would send them more.
    @Test
    void messagesOfMegabytesAreRejectedAndEndNoWorker() throws Exception {
        try (Jedis redis = rig.stack.redis.connect()) {
            for (int i = 0; i < 30; i++) {
                redis.rpush("votes", "x".repeat(1_000_000));
            }
            String[] tenKilobytes = new String[500];
            Arrays.fill(tenKilobytes, "y".repeat(10_000));
            for (int i = 0; i < 10; i++) {
                redis.rpush("votes", tenKilobytes);
            }
            push(1, 10);
            awaitStored(10);
            rig.stack.awaitEmptyQueue();
            assertEquals(5030, redis.llen("{votes}:rejected"));
        }
        rig.workers.forEach(worker -> assertTrue(worker.isAlive()));
    }

    @Test
    void votingGoesOnAfterFlushallAndTruncate() throws Exception {
        push(1, 10);
        awaitStored(10);
        Rigs.forget(rig); // by FLUSHALL and TRUNCATE
        assertEquals("0", rig.stack.postgres.value("SELECT sum(count) FROM tally"));
        push(1, 20);
        awaitStored(20);
        assertEquals("20", rig.stack.postgres.value("SELECT sum(count) FROM tally"));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 50})
    void aBatchThatPostgresqlRefusesIsStoredInHalvesDownToTheBadVotes(int bad) throws Exception {
        rig.stack.postgres.execute("ALTER TABLE votes ADD CONSTRAINT by_hand CHECK (vote <> 'x')");
        try (Jedis redis = rig.stack.redis.connect()) {
            String[] messages = new String[5000];
            Set<String> expected = new HashSet<>();
            for (int i = 0; i < messages.length; i++) {
                boolean isBad = i % (messages.length / bad) == 17;
                messages[i] = "{\"voter_id\":\"%s\",\"vote\":\"%s\"}".formatted(voter(i), isBad ? "x" : "b");
                if (isBad) {
                    expected.add(messages[i]);
                }
            }
            redis.rpush("votes", messages);
            rig.stack.awaitEmptyQueue();
            assertEquals("" + (messages.length - bad), rig.stack.postgres.value("SELECT count(*) FROM votes"));
            Set<String> found = new HashSet<>();
            for (String entry : redis.lrange("{votes}:rejected", 0, -1)) {
                var rejected = new JSONObject(entry);
                found.add(rejected.getString("message"));
                assertEquals(
                        "ERROR: new row for relation \"votes\" violates check constraint \"by_hand\"",
                        rejected.getString("reason"));
            }
            assertEquals(expected, found);
            assertEquals(bad, redis.llen("{votes}:rejected"));
        } finally {
            rig.stack.postgres.execute("ALTER TABLE votes DROP CONSTRAINT by_hand");
        }
    }

    @Test
    void aVoteThatATriggerRefusesKeepsNobodyWaiting() throws Exception {
        rig.stack.postgres.execute("""
                CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
                $$ BEGIN RAISE EXCEPTION 'not today'; END $$""", """
                CREATE TRIGGER refuse BEFORE INSERT ON votes FOR EACH ROW WHEN (NEW.vote = 'y')
                EXECUTE FUNCTION refuse()""");
        try (Jedis redis = rig.stack.redis.connect()) {
            redis.rpush("votes", "{\"voter_id\":\"refused\",\"vote\":\"y\"}");
            rig.stack.awaitEmptyQueue();
            String rejected = redis.lindex("{votes}:rejected", -1);
            assertTrue(rejected.contains("\"ERROR: not today\""), rejected);
        } finally {
            rig.stack.postgres.execute("DROP FUNCTION refuse CASCADE");
        }
    }

    private static boolean said(String text) throws IOException {
        return Files.readString(rig.folder.resolve("services.log")).contains(text);
    }

    private static String unready() {
        StringBuilder all = new StringBuilder();
        for (var worker : rig.workers) {
            String reason = worker.unready();
            all.append(reason == null ? "" : reason);
        }
        return all.toString();
    }

    private static Proxy databaseWireOfFirstWorker() {
        return rig.wires.get(rig.pages.size() + 1);
    }

    private static String voter(int number) {
        return "voter-%030d".formatted(number);
    }

    private static void push(int first, int last) {
        try (Jedis redis = rig.stack.redis.connect()) {
            String[] messages = new String[last - first + 1];
            for (int i = 0; i < messages.length; i++) {
                messages[i] = "{\"voter_id\": \"%s\", \"vote\": \"a\"}".formatted(voter(first + i));
            }
            redis.rpush("votes", messages);
        }
    }

    /// Whatever happened to the worker that had the lock: the promise is ten seconds, not an end some time.
    private static void awaitStoredByTheOther(int count) {
        long start = System.nanoTime();
        awaitStored(count);
        assertTrue(System.nanoTime() - start < 10_000_000_000L, "a lost worker kept the others waiting too long");
    }

    private static void awaitStored(int count) {
        String wanted = Integer.toString(count);
        Await.until(
                count + " votes are stored",
                () -> wanted.equals(rig.stack.postgres.value("SELECT count(*) FROM votes")));
    }
}
