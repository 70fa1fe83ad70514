package lab.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpRequest.BodyPublishers;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import lab.stack.Await;
import lab.stack.TestSystem;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import redis.clients.jedis.Jedis;

/// What voters see when all is well, and the rows of the contracts table.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class VotingTest {
    private final TestSystem system =
            new TestSystem(Map.of("OPTIONS", "Cats, Dogs & Wolves, Birds"), "vote", "worker", "result").start();

    @AfterAll
    void stop() {
        system.close();
    }

    @BeforeEach
    void forgetAllVotes() throws Exception {
        system.stack.awaitEmptyQueue();
        system.postgres.execute("TRUNCATE votes");
        system.awaitVotes(0, 0, 0);
    }

    private Visitor visitor() {
        return new Visitor(system.service("vote").address());
    }

    @Test
    void aVoteGoesThrough() throws Exception {
        var answer = visitor().vote("a");
        assertEquals(200, answer.statusCode());
        assertTrue(answer.body().contains("value=\"a\" aria-pressed=\"true\""), answer.body());
        system.awaitVotes(1, 0, 0);
    }

    @Test
    void aChangedVoteMoves() throws Exception {
        Visitor voter = visitor();
        voter.vote("a");
        system.awaitVotes(1, 0, 0);
        voter.vote("c");
        system.awaitVotes(0, 0, 1);
        assertEquals(
                "c", system.postgres.value("SELECT vote FROM votes WHERE id = '" + voter.cookie("voter_id") + "'"));
    }

    @Test
    void twoVotersCountTwice() throws Exception {
        Visitor one = visitor();
        Visitor other = visitor();
        one.vote("b");
        other.vote("b");
        system.awaitVotes(0, 2, 0);
        assertNotEquals(one.cookie("voter_id"), other.cookie("voter_id"));
    }

    @Test
    void theFirstVisitNamesTheVoterAndLaterOnesKeepTheName() throws Exception {
        Visitor voter = visitor();
        voter.get("");
        String id = voter.cookie("voter_id");
        assertNotNull(id);
        voter.get("");
        voter.vote("a");
        assertEquals(id, voter.cookie("voter_id"));
    }

    @Test
    void theChoiceIsRememberedOnALaterVisit() throws Exception {
        Visitor voter = visitor();
        assertFalse(voter.get("").body().contains("aria-pressed=\"true\""));
        voter.vote("b");
        assertTrue(voter.get("").body().contains("value=\"b\" aria-pressed=\"true\""));
    }

    @Test
    void labelsAreShownLiterally() throws Exception {
        assertTrue(visitor().get("").body().contains("Dogs &amp; Wolves"));
        assertTrue(system.service("result").get("").body().contains("Dogs &amp; Wolves"));
        assertEquals(
                "Dogs & Wolves",
                system.results().getJSONArray("options").getJSONObject(1).getString("label"));
    }

    @Test
    void votersIdIsUnguessableAndRisesWithTime() throws Exception {
        Visitor one = visitor();
        var answer = one.vote("a");
        String cookie = answer.headers().allValues("Set-Cookie").stream()
                .filter(value -> value.startsWith("voter_id="))
                .findFirst()
                .orElseThrow();
        assertTrue(cookie.matches("voter_id=[0-9a-f]{32}; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax"), cookie);
        Visitor later = visitor();
        later.vote("a");
        assertTrue(one.cookie("voter_id")
                        .substring(0, 12)
                        .compareTo(later.cookie("voter_id").substring(0, 12))
                <= 0);
    }

    @Test
    void acceptsTheOriginalsVoterId() throws Exception {
        Visitor voter = visitor();
        voter.send(voter.request("")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("Cookie", "voter_id=1a2b3c4d5e6f708")
                .POST(BodyPublishers.ofString("vote=b")));
        system.awaitVotes(0, 1, 0);
        assertEquals("b", system.postgres.value("SELECT vote FROM votes WHERE id = '1a2b3c4d5e6f708'"));
    }

    @Test
    void theResultHasVersionTotalWaitingAndShares() throws Exception {
        for (String option : "aab".split("")) {
            system.service("vote").vote(option);
        }
        Await.until("three are counted and none waits", () -> {
            var results = system.results();
            return results.getInt("total") == 3 && results.optInt("waiting", -1) == 0;
        });
        var results = system.results();
        assertFalse(results.getString("version").isEmpty());
        var first = results.getJSONArray("options").getJSONObject(0);
        assertEquals("a", first.getString("key"));
        assertEquals("Cats", first.getString("label"));
        assertEquals(66.7, first.getDouble("share"));
    }

    @Test
    void hitsCountsVisits() throws Exception {
        var vote = system.service("vote");
        String first = vote.get("hits").body();
        assertTrue(first.matches("Hello from Redis! I have been seen [0-9]+ times\\.\\n"), first);
        assertNotEquals(first, vote.get("hits").body());
    }

    @Test
    void everyServiceTellsItsHealthAndMetrics() throws Exception {
        for (var service : system.stack.services()) {
            assertEquals(200, service.get("livez").statusCode());
            assertEquals(200, service.get("readyz").statusCode());
            assertTrue(service.get("metrics").body().contains("# TYPE http_responses_total counter"));
        }
    }

    @Test
    void badInputIsRefusedWithASentenceAndNothingIsQueued() throws Exception {
        system.service("worker").freeze();
        try {
            Visitor voter = visitor();
            Map<String, Integer> posts = Map.of(
                    "vote=d",
                    400,
                    "vote=",
                    400,
                    "",
                    400,
                    "choice=a",
                    400,
                    "vote=a&vote=b",
                    400,
                    "vote=%zz",
                    400,
                    "vote=a&pad=" + "x".repeat(1024),
                    413);
            for (var post : posts.entrySet()) {
                var answer = visitor().post(post.getKey()); // each on its own connection: 413 ends it
                assertEquals(post.getValue(), answer.statusCode(), post.getKey());
                assertTrue(answer.body().matches("[A-Z][^<>]+\\.\\n"), answer.body());
            }
            var wrongMethod = voter.send(voter.request("").PUT(BodyPublishers.noBody()));
            assertEquals(405, wrongMethod.statusCode());
            assertEquals(
                    "GET, HEAD, POST", wrongMethod.headers().firstValue("Allow").orElse(null));
            assertEquals(404, voter.get("nowhere").statusCode());
            assertEquals(404, voter.get("hitsandmore").statusCode());
            try (Jedis redis = system.redis.connect()) {
                assertFalse(redis.exists("votes"));
            }
        } finally {
            system.service("worker").thaw();
        }
    }

    @Test
    void threeThousandVotesFromFiftyConnectionsAreAllCounted() throws Exception {
        int voters = 3000;
        Set<String> ids = ConcurrentHashMap.newKeySet();
        try (var connections = Executors.newFixedThreadPool(50)) {
            var votes = connections.invokeAll(IntStream.range(0, voters)
                    .<Callable<Integer>>mapToObj(i -> () -> {
                        var answer = system.service("vote").vote(i % 3 == 0 ? "b" : "a");
                        ids.add(TestSystem.voterId(answer));
                        return answer.statusCode();
                    })
                    .toList());
            Set<Integer> statuses = new HashSet<>();
            for (var vote : votes) {
                statuses.add(vote.get());
            }
            assertEquals(Set.of(200), statuses);
        }
        assertEquals(voters, ids.size());
        system.awaitVotes(2000, 1000, 0);
        system.stack.awaitEmptyQueue();
        assertEquals("" + voters, system.postgres.value("SELECT count(*) FROM votes"));
    }
}
