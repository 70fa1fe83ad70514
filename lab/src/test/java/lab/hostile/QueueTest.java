package lab.hostile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import lab.stack.Await;
import lab.stack.TestSystem;
import org.json.JSONObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import redis.clients.jedis.Jedis;

/// Whatever lies in the queue is stored or rejected with a reason, stops nobody, and its neighbours are stored.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class QueueTest {
    private static final String TAKEN = "{votes}:taken";
    private static final String REJECTED = "{votes}:rejected";
    private static final byte[] VOTES = "votes".getBytes(StandardCharsets.UTF_8);

    private static final String LONG = "longer than 1000 characters";
    private static final String JSON = "not a JSON object with the strings voter_id and vote";
    private static final String ID = "voter_id is not 1 to 255 letters, digits or . _ : -";
    private static final String OPTION = "vote is not a letter from a to z";

    /// @param reason why it is rejected, or null
    /// @param stored the id that it is stored under, or null
    private record Case(String name, byte[] message, String reason, String stored) {}

    private final List<Case> cases = cases();
    private final Map<String, String> reasons = new HashMap<>();
    private final TestSystem system = new TestSystem(Map.of(), "worker").start();
    private final Jedis redis = system.redis.connect();

    @AfterAll
    void stop() {
        redis.close();
        system.close();
    }

    private static List<Case> cases() {
        List<Case> all = new ArrayList<>();
        stored(all, "Python's spacing", "{\"voter_id\": \"s1\", \"vote\": \"a\"}", "s1");
        stored(all, "the other order", "{\"vote\":\"a\",\"voter_id\":\"s2\"}", "s2");
        stored(all, "more fields", "{\"voter_id\":\"s3\",\"vote\":\"a\",\"x\":[1,{\"y\":null}]}", "s3");
        stored(all, "blanks around it", " \n{\"voter_id\":\"s4\",\"vote\":\"a\"}\t ", "s4");
        stored(all, "escaped letters", "{\"voter_id\":\"\\u00735\",\"vote\":\"\\u0061\"}", "s5");
        stored(all, "an id of 255 characters", vote("s".repeat(255), "a"), "s".repeat(255));
        stored(all, "an option that only a newer page knows", vote("s7", "z"), "s7");
        stored(all, "an id with . _ : -", vote("S6._:-", "a"), "S6._:-");
        rejected(all, JSON, "", "\0", "\ufeff" + vote("1", "a"), "{\"x\":".repeat(160));
        rejected(all, JSON, """
                null
                []
                "x"
                123
                {}
                not JSON
                {
                }
                [[[[
                {"voter_id":"1","vote":"a"
                {"voter_id":"1","vote":"a"}garbage
                {"voter_id":"1","vote":"a"}{"voter_id":"2","vote":"b"}
                [{"voter_id":"1","vote":"a"}]
                {"voter_id":"1","voter_id":"2","vote":"a"}
                {voter_id:abc,vote:a}
                {'voter_id':'1','vote':'a'}
                {"voter_id"="1";"vote"="a"}
                {"voter_id":1,"vote":"a"}
                {"voter_id":"1","vote":null}
                {"voter_id":"1"}
                {"vote":"a"}
                {"voter_id":null,"vote":"a"}
                {"voter_id":"1","vote":["a"]}
                {"voter_id":{},"vote":"a"}
                {"voter_id":true,"vote":"a"}
                /*x*/{"voter_id":"1","vote":"a"}
                {"voter_id":"1","vote":NaN}
                {"voter_id":"1","vote":1e999999999}
                """.split("\n"));
        for (String option : List.of("A", "", "ab", "\u00e4", "__proto__", "\\u0000")) {
            rejected(all, OPTION, vote("1", option));
        }
        for (String id : "| |a b|\\u0000|\\ud800|\u00e4|\u202ex|'; DROP TABLE votes; --|<script>".split("\\|")) {
            rejected(all, ID, vote(id, "a"));
        }
        rejected(all, ID, vote("v".repeat(256), "a"));
        rejected(all, LONG, vote("1", "x".repeat(2000)), "[".repeat(5000), "{\"a\":".repeat(100_000), " ".repeat(1001));
        rejected(all, LONG, "{\"voter_id\":\"1\",\"vote\":\"a\",\"n\":" + "9".repeat(1_000_000) + "}");
        rejected(all, LONG, "x".repeat(10_000_000));
        all.add(new Case("bytes that are no UTF-8", new byte[] {'{', (byte) 0xff, (byte) 0xfe, '}'}, JSON, null));
        all.add(new Case("an id that is no UTF-8", raw("{\"voter_id\":\"\u00ff\u00c0\",\"vote\":\"a\"}"), ID, null));
        return all;
    }

    private static void stored(List<Case> all, String name, String message, String id) {
        all.add(new Case(name, message.getBytes(StandardCharsets.UTF_8), null, id));
    }

    private static void rejected(List<Case> all, String reason, String... messages) {
        for (String message : messages) {
            String name = message.isBlank() || message.charAt(0) < ' '
                    ? message.length() + " blanks"
                    : message.length() > 60 ? message.substring(0, 60) + "… " + message.length() : message;
            all.add(new Case(name, message.getBytes(StandardCharsets.UTF_8), reason, null));
        }
    }

    private static byte[] raw(String bytes) {
        return bytes.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String vote(String id, String option) {
        return "{\"voter_id\":\"" + id + "\",\"vote\":\"" + option + "\"}";
    }

    /// All cases in one go, so that they share batches, and between any two an ordinary vote.
    @Test
    @Order(1)
    void everythingIsWorkedOffAndTheNeighboursAreStored() throws Exception {
        for (int i = 0; i < cases.size(); i++) {
            redis.rpush(
                    VOTES,
                    vote("neighbour" + i, "b").getBytes(StandardCharsets.UTF_8),
                    cases.get(i).message());
        }
        system.stack.awaitEmptyQueue();
        for (int i = 0; i < cases.size(); i++) {
            assertEquals("b", storedVote("neighbour" + i));
        }
        for (String json : redis.lrange(REJECTED, 0, -1)) {
            var rejected = new JSONObject(json);
            assertTrue(rejected.getString("message").length() <= 401);
            reasons.put(rejected.getString("message"), rejected.getString("reason"));
        }
        long bad = cases.stream().filter(each -> each.reason() != null).count();
        assertEquals(bad, redis.llen(REJECTED));
        awaitRejected(bad);
        System.out.printf("Hostile messages: %d, %d stored, %d rejected%n", cases.size(), cases.size() - bad, bad);
    }

    @TestFactory
    @Order(2)
    Stream<DynamicTest> eachIsStoredOrRejectedWithItsReason() {
        return cases.stream()
                .map(each -> DynamicTest.dynamicTest(each.name(), () -> {
                    String text = new String(each.message(), StandardCharsets.UTF_8);
                    String kept = text.length() > 400 ? text.substring(0, 400) + "…" : text;
                    assertEquals(each.reason(), reasons.get(kept));
                    if (each.stored() != null) {
                        assertEquals(each.stored().equals("s7") ? "z" : "a", storedVote(each.stored()));
                    }
                }));
    }

    @Test
    @Order(3)
    void theLogHasReasonsButNoContent() {
        String log = String.join("\n", system.log);
        assertFalse(log.contains("DROP TABLE") || log.contains("<script>") || log.contains("\tat "), log);
        assertFalse(log.contains("neighbour1"), "an id was logged whole");
    }

    @Test
    @Order(4)
    void aVoterCountsOnceHoweverOften() throws Exception {
        String[] same = new String[10_000];
        for (int i = 0; i < same.length; i++) {
            same[i] = vote("often", i % 2 == 0 ? "b" : "a");
        }
        redis.rpush("votes", same);
        system.stack.awaitEmptyQueue();
        assertEquals("a", storedVote("often"));
    }

    @Test
    @Order(5)
    void theRejectedAreCapped() throws Exception {
        double before = system.service("worker").metric("votes_rejected_total");
        String[] junk = new String[12_000];
        Arrays.fill(junk, "junk");
        redis.rpush("votes", junk);
        system.stack.awaitEmptyQueue();
        assertEquals(10_000, redis.llen(REJECTED));
        awaitRejected(before + junk.length);
    }

    @Test
    @Order(6)
    void aWrongTypeAtEitherKeyStopsNothingForGood() throws Exception {
        redis.set("votes", "no list");
        Await.until(
                "the worker says what is wrong",
                () -> system.service("worker").unready() != null || !redis.exists("votes"));
        // a producer goes on with a fresh list as soon as the worker has moved the wrong one aside
        Await.until("the wrong key is moved aside", () -> !"string".equals(redis.type("votes")));
        redis.rpush("votes", vote("after1", "a"));
        redis.del(TAKEN);
        system.stack.awaitEmptyQueue();
        assertEquals("a", storedVote("after1"));

        system.log.clear(); // or it would be what it said of the other key
        redis.hset(TAKEN, "no", "list");
        redis.rpush("votes", vote("after2", "b"));
        Await.until(
                "the worker says what is wrong",
                () -> system.log.stream().anyMatch(line -> line.contains("WRONGTYPE")));
        redis.del(TAKEN);
        system.stack.awaitEmptyQueue();
        assertEquals("b", storedVote("after2"));
    }

    @Test
    @Order(7)
    void aTakenListThatVanishesStopsNothing() throws Exception {
        for (int i = 0; i < 50; i++) {
            redis.rpush("votes", vote("gone" + i, "a"));
            redis.del(TAKEN);
        }
        redis.rpush("votes", vote("last", "b"));
        system.stack.awaitEmptyQueue();
        assertEquals("b", storedVote("last"));
    }

    private String storedVote(String id) throws SQLException {
        return system.postgres.value("SELECT vote FROM votes WHERE id = '" + id + "'");
    }

    /// The worker counts what it rejected just after it has cut it off the queue.
    private void awaitRejected(double count) {
        Await.until(count + " are rejected", () -> system.service("worker").metric("votes_rejected_total") == count);
    }
}
