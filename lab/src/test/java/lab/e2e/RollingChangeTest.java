package lab.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import lab.stack.Await;
import lab.stack.Service;
import lab.stack.TestSystem;
import org.json.JSONObject;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;

/// The options change while people vote: for a while each service knows others, and the worker knows none at all.
class RollingChangeTest {
    private static final Map<String, String> OLD = Map.of("OPTIONS", "Cats,Dogs");
    private static final Map<String, String> NEW = Map.of("OPTIONS", "Cats,Dogs,Birds");

    @Test
    void aVoteForAnOptionThatOnlyTheNewPageKnowsIsStoredAndShownLater() throws Exception {
        try (var system = new TestSystem(Map.of(), "worker").start()) {
            Service result = system.start("result", OLD);
            Service vote = system.start("vote", NEW);
            assertEquals(200, vote.vote("a").statusCode());
            assertEquals(200, vote.vote("c").statusCode());
            system.stack.awaitEmptyQueue();
            try (Jedis redis = system.redis.connect()) {
                assertFalse(redis.exists("{votes}:rejected"));
            }

            Await.until(
                    "it has both",
                    () -> results(result).getInt("total") + results(result).getInt("others") == 2);
            assertEquals(1, results(result).getInt("others"));
            String sentence = "Votes for options that this page does not know: 1.";
            assertEquals(sentence, results(result).getString("trouble"));
            assertTrue(result.get("").body().contains("<p id=\"trouble\" role=\"status\">" + sentence + "</p>"));

            Service changed = system.start("result", NEW);
            Await.until("it shows both", () -> results(changed).getInt("total") == 2);
            assertEquals(0, results(changed).getInt("others"));
            assertEquals("", results(changed).getString("trouble"));
        }
    }

    private static JSONObject results(Service result) throws Exception {
        return new JSONObject(result.get("results").body());
    }
}
