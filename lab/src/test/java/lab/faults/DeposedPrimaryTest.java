package lab.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import lab.faults.Voter.Attempt;
import lab.faults.Voter.Outcome;
import lab.stack.Await;
import lab.stack.ClusterStack;
import lab.stack.RedisServer;
import lab.stack.Server;
import lab.stack.Service;
import lab.stack.Stack;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisDataException;

/// A primary with a vote that waits is away until its replica has taken over and a later vote of the same voter is
/// stored. Then it is back, with the old vote, and knows nothing of all this.
class DeposedPrimaryTest {
    private static final String LIST = "votes";
    private static final String TOO_FEW = "Waiting for Redis: fewer than REDIS_MIN_REPLICAS=1 replicas have it";

    private final Random random = new Random(1);
    private final Crowd crowd = new Crowd(List.of(), 1);
    private Rig rig;
    private ClusterStack stack;
    private Voter voter;
    private ClusterStack.Pair pair;
    private RedisServer deposed;
    private RedisServer heir;

    @BeforeEach
    void aVoteWaits() throws Exception {
        rig = new Rig(1, true);
        rig.start();
        stack = rig.cluster();
        voter = newVoter();
        pair = stack.pairOf(LIST);
        deposed = pair.primary();
        heir = pair.replica();
        rig.workers.getFirst().freeze();
        voteUntilTaken();
    }

    @AfterEach
    void stop() {
        crowd.close();
        stack.nodes.forEach(Server::thaw);
        rig.close();
    }

    @Test
    void aPrimaryThatWakesGivesNothingOldThoughItWasTaken() throws Exception {
        try (Jedis redis = deposed.connect()) {
            redis.rename(LIST, "{votes}:taken"); // as a worker does who dies then
            assertEquals(1, redis.waitReplicas(1, 60_000));
        }
        deposed.freeze();
        voteAndStoreWithoutIt();
        deposed.thaw();
        Await.until(
                "it follows",
                () -> stack.primaries().size() == 3 && !stack.primaries().contains(deposed));
        voteUntilTaken();
        awaitStored();
        assertNoOffence();
    }

    /// Nobody tells it, as long as we like: all others are frozen.
    @Test
    void whoFindsOnlyADeposedPrimaryNeitherTakesNorStoresAVote() throws Exception {
        deposed.kill();
        voteAndStoreWithoutIt();
        rig.workers.getFirst().stop();
        List<RedisServer> others = new ArrayList<>(stack.nodes);
        others.remove(deposed);
        others.forEach(Server::freeze);
        var alone = ClusterStack.node(deposed.data, deposed.port(), Stack.freePort(), 600_000);
        alone.start();
        try (Jedis redis = alone.connect()) {
            Await.until(
                    "it takes itself for the primary", () -> redis.clusterInfo().contains("cluster_state:ok"));
            assertTrue(redis.exists(LIST), "what was stored long ago waits here");
            Map<String, String> misled =
                    Map.of("REDIS_HOST", "127.0.0.1", "REDIS_PORT", "" + deposed.port(), "QUEUE_PARTITIONS", "1");
            Service worker = stack.add("worker", List.of(), misled);
            Service page = stack.add("vote", List.of(), misled);
            worker.start();
            page.start();
            Await.until("the page is there", () -> !"starting".equals(page.unready()));
            assertEquals(Outcome.REFUSED, crowd.vote(newVoter(), page));
            Await.until(
                    "the worker took it, and gave it up or is through with it",
                    () -> !redis.exists(LIST) && (gaveUp() || !redis.exists("{votes}:taken")));
            worker.stop();
            page.stop();
        } finally {
            alone.kill();
        }
        assertNoOffence();
    }

    private boolean gaveUp() throws IOException {
        return Files.readString(rig.folder.resolve("services.log"))
                .lines()
                .anyMatch(line -> line.startsWith("worker") && line.endsWith(TOO_FEW));
    }

    private Voter newVoter() {
        Voter any;
        do {
            any = crowd.newVoter(random);
        } while (stack.queue.partitionOf(any.id()) != 0);
        return any;
    }

    /// The heir needs a copy, too, to take votes: it gets another's.
    private void voteAndStoreWithoutIt() {
        Await.until("it is taken over", pair::isTakenOver);
        try (Jedis spare = stack.pairOf("votes:1").replica().connect();
                Jedis primary = heir.connect()) {
            String id = primary.clusterMyId();
            Await.until("the spare knows the heir", () -> follows(spare, id));
        }
        rig.workers.getFirst().thaw();
        awaitStored();
        voteUntilTaken();
        awaitStored();
    }

    private static boolean follows(Jedis spare, String primary) {
        try {
            return spare.clusterReplicate(primary).equals("OK");
        } catch (JedisDataException _) {
            return false; // it has not heard yet that this is a primary now
        }
    }

    /// Others try first: a voter has but 26 votes.
    private void voteUntilTaken() {
        var page = rig.pages.getFirst();
        Await.until("votes are taken", () -> crowd.vote(newVoter(), page) == Outcome.ACKNOWLEDGED);
        Await.until("the voter's too", () -> crowd.vote(voter, page) == Outcome.ACKNOWLEDGED);
    }

    private void awaitStored() {
        String last = voter.attempts().getLast().vote();
        String query = "SELECT vote FROM votes WHERE id = '" + voter.id() + "'";
        Await.until("it is stored", () -> last.equals(stack.postgres.value(query)));
    }

    private void assertNoOffence() throws Exception {
        var judge = new Judge(crowd.voters, Attempt::answered);
        judge.votes(rig.table(), rig.seen());
        assertEquals(List.of(), judge.offences);
    }
}
