package lab.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import lab.stack.Await;
import lab.stack.Service;
import lab.stack.TestSystem;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import redis.clients.jedis.Jedis;

/// A remembered choice belongs to one poll: the same question, the same label, and no votes forgotten in between. And
/// what both pages say of the poll and of each other.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PollTest {
    private static final Pattern CHOSEN = Pattern.compile("value=\"([a-z])\" aria-pressed=\"true\"");

    private final TestSystem system =
            new TestSystem(Map.of("QUESTION", "What now?", "OPTIONS", "Cats,Dogs"), "vote").start();

    @AfterEach
    void running() {
        system.stack.restartWhatEnded();
        system.stack.awaitReady();
    }

    @AfterAll
    void stop() {
        system.close();
    }

    private Visitor visitor() {
        return new Visitor(system.service("vote").address());
    }

    /// The key of the option that this ballot shows as the visitor's, or nothing.
    private static String chosen(Visitor voter, Service ballot) throws IOException, InterruptedException {
        String page = voter.get(ballot.address().toString()).body();
        var chosen = CHOSEN.matcher(page);
        boolean isIn = page.contains("Your vote is in.");
        assertEquals(chosen.find(), isIn, page);
        return isIn ? chosen.group(1) : "";
    }

    private String chosen(Visitor voter) throws IOException, InterruptedException {
        return chosen(voter, system.service("vote"));
    }

    @Test
    void aChoiceIsForgottenWithAllVotes() throws Exception {
        Visitor voter = visitor();
        voter.vote("b");
        assertEquals("b", chosen(voter));
        try (Jedis redis = system.redis.connect()) {
            redis.incr("{votes}:poll");
        }
        Await.until("the choice is forgotten", () -> chosen(voter).isEmpty());
        voter.vote("a");
        assertEquals("a", chosen(voter), "of the new poll");
        Service replica = system.start("vote", Map.of());
        assertEquals("a", chosen(voter, replica), "a replica knows the poll too");
        try (Jedis redis = system.redis.connect()) {
            redis.flushAll(); // as a new data folder does
        }
        Await.until("the choice is forgotten", () -> chosen(voter).isEmpty());
    }

    @Test
    void aChoiceIsForgottenByAnotherPollButNotByAnOptionMore() throws Exception {
        Visitor voter = visitor();
        voter.vote("b");
        Service more = system.start("vote", Map.of("OPTIONS", "Cats,Dogs,Birds"));
        assertEquals("b", chosen(voter, more));
        Service otherAfterwards = system.start("vote", Map.of("OPTIONS", "Mice,Dogs"));
        assertEquals("b", chosen(voter, otherAfterwards), "the chosen one is the same");
        Service otherLabel = system.start("vote", Map.of("OPTIONS", "Dogs,Cats"));
        assertEquals("", chosen(voter, otherLabel));
        Service otherQuestion = system.start("vote", Map.of("QUESTION", "And now?"));
        assertEquals("", chosen(voter, otherQuestion));
        assertEquals("b", chosen(voter), "where it was chosen");
    }

    /// Nobody knows whether it counts, so neither it nor an earlier one is told as counted.
    @Test
    void aVoteThatWasRefusedForgetsTheEarlierChoice() throws Exception {
        Visitor voter = visitor();
        voter.vote("a");
        assertEquals("a", chosen(voter));
        String id = voter.cookie("voter_id");
        system.redis.kill();
        assertEquals(503, voter.vote("b").statusCode());
        assertEquals("", chosen(voter));
        system.redis.start();
        system.service("vote").awaitReady();
        assertEquals("", chosen(voter));
        assertEquals(id, voter.cookie("voter_id"), "and is the same voter");
        voter.vote("b");
        assertEquals("b", chosen(voter));
    }

    @Test
    void whatNoBallotHasSetIsAsNone() throws Exception {
        for (String cookie : List.of("a", "a-", "", "-", "a-00000000", "z-00000000", "a-" + "0".repeat(4000))) {
            var page = system.service("vote").get("", "Cookie", "vote=" + cookie);
            assertEquals(200, page.statusCode());
            assertFalse(page.body().contains("Your vote is in."), cookie);
        }
    }

    @Test
    void bothPagesAskTheQuestionAndLeadToEachOther() throws Exception {
        Map<String, String> where = Map.of("RESULT_URL", "5001", "VOTE_URL", "5000", "QUESTION", "<Tea> & \"more\"?");
        Service ballot = system.start("vote", where);
        var page = ballot.get("").body();
        assertTrue(page.contains("<title>&lt;Tea&gt; &amp; &quot;more&quot;?</title>"), page);
        assertTrue(page.contains("<h1 dir=\"auto\">&lt;Tea&gt; &amp; &quot;more&quot;?</h1>"), page);
        assertTrue(page.contains("<p><a href=\"result\">"), page);
        var way = ballot.get("result");
        assertEquals(303, way.statusCode());
        assertEquals("//127.0.0.1:5001/", way.headers().firstValue("Location").orElseThrow());

        page = system.start("result", where).get("").body();
        assertTrue(page.contains("<title>&lt;Tea&gt; &amp; &quot;more&quot;? "), page);
        assertTrue(page.contains("<h1 dir=\"auto\">&lt;Tea&gt; &amp; &quot;more&quot;?</h1>"), page);
        assertTrue(page.contains("<a href=\"//127.0.0.1:5000/\">127.0.0.1:5000</a>"), page);
    }

    @Test
    void aPageThatDoesNotKnowWhereTheOtherIsShowsNoLink() throws Exception {
        assertTrue(system.service("vote").get("").body().contains("<p hidden><a href=\"result\">"));
        var nowhere = system.service("vote").get("result");
        assertEquals(".", nowhere.headers().firstValue("Location").orElseThrow(), "the ballot itself");
        assertTrue(system.start("result", Map.of()).get("").body().contains("<p id=\"way\" hidden>"));
    }
}
