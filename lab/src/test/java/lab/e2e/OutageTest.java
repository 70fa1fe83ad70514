package lab.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import lab.stack.Await;
import lab.stack.Service;
import lab.stack.TestSystem;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import redis.clients.jedis.Jedis;

/// Late, restarted or missing neighbours are normal.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OutageTest {
    private final TestSystem system = new TestSystem(Map.of(), "vote", "worker", "result");
    private final Service vote = system.service("vote");
    private final Service worker = system.service("worker");
    private final Service result = system.service("result");

    @BeforeEach
    void allIsWellAndNobodyHasVoted() throws Exception {
        system.startOver();
    }

    @AfterAll
    void stop() {
        system.close();
    }

    @Test
    void theServicesWaitForStoresThatComeLater() throws Exception {
        system.stack.services().forEach(Service::stop);
        system.redis.stop();
        system.postgres.stop();
        system.stack.services().forEach(Service::start);
        awaitUnready(vote, "redis");
        awaitUnready(worker, "redis");
        awaitUnready(result, "postgresql");
        var refused = vote.vote("a");
        assertEquals(503, refused.statusCode());
        assertEquals("2", refused.headers().firstValue("Retry-After").orElse(null));
        assertEquals(503, vote.get("hits").statusCode());

        system.stack.startStores();
        system.stack.awaitReady();
        votes("a", 1);
        system.awaitVotes(1, 0);
    }

    @Test
    void votesGoOnWhileTheDatabaseIsAwayAndAreStoredWhenItIsBack() throws Exception {
        system.postgres.kill();
        awaitUnready(worker, "postgresql");
        awaitUnready(result, "postgresql");
        votes("b", 20);
        system.postgres.start();
        system.awaitVotes(0, 20);
    }

    @Test
    void aVoteThatRedisCannotTakeIsRefusedAndTheNextAfterItsReturnIsTaken() throws Exception {
        system.redis.kill();
        assertEquals(503, vote.vote("a").statusCode());
        system.redis.start();
        votes("a", 1);
        system.awaitVotes(1, 0);
    }

    @Test
    void votesThatWereAcknowledgedOutliveAKilledRedisAndAKilledWorker() throws Exception {
        worker.kill();
        votes("a", 20);
        system.redis.kill();
        system.redis.start();
        votes("b", 1);
        worker.start();
        system.awaitVotes(20, 1);
    }

    @Test
    void aFrozenRedisIsAnsweredWith503AndTheVotesAfterItAreTaken() throws Exception {
        system.redis.freeze();
        try {
            assertEquals(503, vote.vote("a").statusCode());
            awaitUnready(vote, "redis");
        } finally {
            system.redis.thaw();
        }
        Await.until("votes are taken", () -> vote.vote("b").statusCode() == 200);
    }

    @ParameterizedTest
    @CsvSource({"CONFIG SET maxmemory 1, CONFIG SET maxmemory 0", "REPLICAOF 127.0.0.1 1, REPLICAOF NO ONE"})
    void aRedisThatAnswersAndTakesNoVoteMakesThePageUnreadyAndIsSaidOnce(String refuse, String take) throws Exception {
        system.log.clear();
        redis(refuse); // it is full, or a replica that may only be read
        for (int i = 0; i < 20; i++) {
            assertEquals(503, vote.vote("a").statusCode());
        }
        awaitUnready(vote, "redis");
        if (refuse.startsWith("REPLICAOF")) {
            awaitUnready(worker, "redis"); // a full one it can empty
        }
        for (int i = 0; i < 2; i++) { // tries of the worker
            String last = seen();
            Await.until("it tries again", () -> !seen().equals(last));
        }
        assertTrue(vote.unready().contains("redis"), "it is unready as long as that lasts");
        redis(take);
        system.stack.awaitReady();
        votes("b", 1);
        system.awaitVotes(0, 1);
        for (String service : List.of("vote", "worker")) {
            List<String> said = system.log.stream()
                    .filter(line -> line.startsWith(service) && line.contains("Redis"))
                    .map(line -> line.replaceFirst(".*(Waiting|Connected)", "$1"))
                    .toList();
            assertEquals(Set.copyOf(said).size(), said.size(), said.toString());
            assertTrue(said.isEmpty() || said.getLast().equals("Connected to Redis"), said.toString());
        }
    }

    private String seen() throws SQLException {
        return system.postgres.value("SELECT seen_at FROM queue");
    }

    private void redis(String command) {
        String[] words = command.split(" ");
        try (Jedis redis = system.redis.connect()) {
            redis.sendCommand(
                    () -> words[0].getBytes(StandardCharsets.US_ASCII), Arrays.copyOfRange(words, 1, words.length));
        }
    }

    /// What a frozen Redis has received it carries out when it wakes, though the page has said 503.
    @Test
    void whoIsToldToVoteAgainAndDoesIsOneVoter() throws Exception {
        var voter = new Visitor(vote.address());
        system.redis.freeze();
        try {
            assertEquals(503, voter.vote("a").statusCode());
        } finally {
            system.redis.thaw();
        }
        Await.until("votes are taken", () -> voter.vote("b").statusCode() == 200);
        system.stack.awaitEmptyQueue();
        assertEquals(
                List.of(List.of(voter.cookie("voter_id"), "b")), system.postgres.rows("SELECT id, vote FROM votes"));
    }

    @Test
    void aServiceThatIsToldToStopEndsWithExitCode143() throws Exception {
        votes("a", 1);
        system.awaitVotes(1, 0);
        for (Service service : system.stack.services()) {
            service.stop();
            assertEquals(143, service.exitCode(), service.name());
        }
    }

    private void votes(String option, int count) throws Exception {
        for (int i = 0; i < count; i++) {
            assertEquals(200, vote.vote(option).statusCode());
        }
    }

    private static void awaitUnready(Service service, String reason) {
        Await.until(service.name() + " says " + reason, () -> {
            String unready = service.unready();
            return unready != null && unready.contains(reason);
        });
        assertTrue(service.isAlive());
    }
}
