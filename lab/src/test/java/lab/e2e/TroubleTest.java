package lab.e2e;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.Connection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import lab.bench.OriginalWorker;
import lab.stack.Await;
import lab.stack.TestSystem;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// What the result page says is wrong, and that it denies no worker that works.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TroubleTest {
    private static final String NOTHING = "";
    private static final String NO_WORKER =
            "No worker is heard of. What waits in the queue is counted when one is back.";
    private static final String HELD_UP =
            "The worker is held up, and its log says why. What waits is counted as soon as it goes on.";

    private static final String WAITING_WORKER = """
            SELECT pid FROM pg_stat_activity WHERE application_name = 'worker' AND wait_event_type = 'Lock'
            """;

    private final TestSystem system = new TestSystem(Map.of(), "vote", "worker", "result").start();

    @BeforeEach
    void allIsWellAndNobodyHasVoted() throws Exception {
        system.startOver();
        awaitTrouble(NOTHING);
    }

    @AfterAll
    void stop() {
        system.close();
    }

    private String trouble() throws Exception {
        return system.results().getString("trouble");
    }

    private void awaitTrouble(String sentence) {
        Await.until("it says \"" + sentence + "\"", () -> trouble().equals(sentence));
    }

    /// Waits until the condition holds; meanwhile it says one of these whenever somebody looks.
    private void assertSaysOnly(Set<String> sentences, String until, Callable<Boolean> condition) {
        Await.until(until, () -> {
            String sentence = trouble();
            assertTrue(sentences.contains(sentence), sentence);
            return condition.call();
        });
    }

    /// Whether the worker's last sign of life is older than the page waits for one.
    private boolean isLongSilent() throws Exception {
        return system.postgres
                .value("SELECT clock_timestamp() > seen_at + interval '12 seconds' FROM queue")
                .equals("t");
    }

    @Test
    void aWorkerIsHeardWhileRedisIsDown() throws Exception {
        system.redis.kill();
        assertHeardWithoutRedis();
        system.redis.start();
        awaitTrouble(NOTHING);
    }

    @Test
    void aWorkerIsHeardWhileRedisHangs() throws Exception {
        system.redis.freeze();
        try {
            assertHeardWithoutRedis();
        } finally {
            system.redis.thaw();
        }
        awaitTrouble(NOTHING);
    }

    private void assertHeardWithoutRedis() throws Exception {
        String missed = system.postgres.value("SELECT clock_timestamp() + interval '12 seconds'");
        assertSaysOnly(Set.of(NOTHING, HELD_UP), "it knows", () -> trouble().equals(HELD_UP));
        assertTrue(system.results().isNull("waiting"));
        assertSaysOnly(
                Set.of(HELD_UP),
                "the worker is still heard when it would be missed",
                () -> system.postgres
                        .value("SELECT seen_at > '" + missed + "' FROM queue")
                        .equals("t"));
    }

    @Test
    void theOriginalsWorkerIsNotDeniedWhileItsVotesAppear() throws Exception {
        system.service("worker").kill();
        try (Connection connection = system.postgres.connect()) {
            OriginalWorker.updateVote(connection, "510", "b");
            assertSaysOnly(Set.of(NOTHING), "nothing was heard of ours for long", () -> {
                OriginalWorker.updateVote(connection, "510", "a");
                OriginalWorker.updateVote(connection, "510", "b");
                return isLongSilent();
            });
        }
        awaitTrouble(NO_WORKER);
    }

    /// A row that somebody else holds makes the batch as long as one likes: until PostgreSQL ends it, after eight
    /// seconds, and the worker tries again.
    @Test
    void aWorkerIsHeardWhileItStoresALongBatch() throws Exception {
        String voter = "voter_id=510";
        system.service("vote").vote("a", "Cookie", voter);
        system.awaitVotes(1, 0);
        try (Connection connection = system.postgres.connect()) {
            connection.setAutoCommit(false);
            connection.createStatement().execute("SELECT FROM votes FOR UPDATE");
            system.service("vote").vote("b", "Cookie", voter);
            Set<List<String>> tries = new HashSet<>();
            assertSaysOnly(Set.of(NOTHING, HELD_UP), "it tries for the third time", () -> {
                tries.addAll(system.postgres.rows(WAITING_WORKER));
                return tries.size() == 3;
            });
        }
        system.awaitVotes(0, 1);
    }
}
