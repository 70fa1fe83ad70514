package lab.hostile;

import static lab.hostile.RawClient.ask;
import static lab.hostile.RawClient.post;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import lab.hostile.RawClient.Answer;
import lab.stack.TestSystem;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import redis.clients.jedis.Jedis;

/// `NEW_VOTERS_PER_MINUTE`: two replicas behind a proxy that is believed, one that believes nobody, one without a
/// limit.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CheatingTest {
    private static final int LIMIT = 5;

    private final TestSystem system = new TestSystem(Map.of(), "vote").start();
    private final Jedis redis = system.redis.connect();
    private int first;
    private int second;
    private int direct;

    @BeforeAll
    void start() {
        Map<String, String> behindProxy =
                Map.of("NEW_VOTERS_PER_MINUTE", "" + LIMIT, "TRUSTED_PROXIES", "10.0.0.0/8, 127.0.0.1,::1");
        first = system.start("vote", behindProxy).port();
        second = system.start("vote", behindProxy).port();
        direct = system.start("vote", Map.of("NEW_VOTERS_PER_MINUTE", "" + LIMIT))
                .port();
    }

    @AfterAll
    void stop() {
        redis.close();
        system.close();
    }

    @BeforeEach
    void aNewMinuteBegins() {
        redis.keys("new_voters:*").forEach(redis::del);
        redis.del("votes");
    }

    @Test
    void withoutTheSettingThereIsNoLimit() throws IOException {
        for (int i = 0; i < 100; i++) {
            assertEquals(200, ask(system.port("vote"), post("vote=a")).status());
        }
        assertEquals(List.of(), List.copyOf(redis.keys("new_voters:*")));
    }

    @Test
    void oneMoreIsRefusedByEveryReplicaWithAPageAndGetsNoId() throws IOException {
        for (int i = 0; i < LIMIT; i++) {
            assertEquals(200, from("203.0.113.7", i % 2 == 0 ? first : second).status());
        }
        for (int port : List.of(first, second)) {
            Answer refused = from("203.0.113.7", port);
            assertEquals(429, refused.status());
            assertNull(refused.cookie("voter_id"));
            assertEquals("60", refused.header("Retry-After"));
            assertTrue(
                    refused.body().contains("<!doctype html>") && refused.body().contains("vote again in a minute"));
        }
        assertEquals(200, from("203.0.113.8", first).status(), "another address has a count of its own");
        assertEquals(LIMIT + 1, redis.llen("votes"));
    }

    @Test
    void manyAtOnceAreCountedRight() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Answer>> answers = IntStream.range(0, 100)
                    .mapToObj(i -> threads.submit(() -> from("203.0.113.9", i % 2 == 0 ? first : second)))
                    .toList();
            int good = 0;
            for (Future<Answer> answer : answers) {
                good += answer.get().status() == 200 ? 1 : 0;
            }
            assertEquals(LIMIT, good);
        }
    }

    @Test
    void aKnownVoterMayAlwaysChangeHisMind() throws IOException {
        Answer answer = from("203.0.113.7", first);
        String cookies = "Cookie: voter_id=" + answer.cookie("voter_id") + "; voter_sig=" + answer.cookie("voter_sig");
        for (int i = 0; i < 3 * LIMIT; i++) {
            Answer again = from("203.0.113.7", i % 2 == 0 ? first : second, cookies);
            assertEquals(200, again.status());
            assertEquals(answer.cookie("voter_id"), again.cookie("voter_id"));
        }
        assertEquals("1", redis.get("new_voters:cb007107"));
    }

    @Test
    void whoInventsIdsIsANewVoterToo() throws IOException {
        Answer answer = from("203.0.113.7", first);
        for (String cookies : List.of(
                "voter_id=0123456789abcdef0123456789abcdef",
                "voter_id=0123456789abcdef0123456789abcdef; voter_sig=" + answer.cookie("voter_sig"),
                "voter_id=" + answer.cookie("voter_id"),
                "voter_id=" + answer.cookie("voter_id") + "; voter_sig=")) {
            Answer forged = from("203.0.113.7", first, "Cookie: " + cookies);
            assertEquals(200, forged.status());
            assertTrue(!cookies.contains(forged.cookie("voter_id")), cookies);
        }
        assertEquals("" + LIMIT, redis.get("new_voters:cb007107"));
        assertEquals(429, from("203.0.113.7", first, "Cookie: voter_id=0123").status());
    }

    @Test
    void onlyWhatTheProxyAddedIsBelieved() throws IOException {
        for (int i = 0; i < LIMIT; i++) {
            assertEquals(200, from("198.51.100." + i + ", 203.0.113.7", first).status());
        }
        assertEquals(429, from("198.51.100.99, 203.0.113.7", first).status());
        assertEquals(
                429,
                from("198.51.100.99\r\nX-Forwarded-For: 203.0.113.7", first).status());
    }

    @Test
    void nobodyElseIsBelieved() throws IOException {
        for (int i = 0; i < LIMIT; i++) {
            assertEquals(200, from("203.0.113." + i, direct).status());
        }
        assertEquals(429, from("203.0.113.99", direct).status());
        assertEquals(List.of("new_voters:7f000001"), List.copyOf(redis.keys("new_voters:*")));
    }

    @Test
    void whatIsNoAddressCountsForTheProxy() throws IOException {
        for (String nonsense : List.of("", "unknown", "localhost", "1.2.3.4:80", "x'; DEL votes")) {
            assertEquals(200, from(nonsense, first).status(), nonsense);
        }
        assertEquals(429, from(",,,", first).status());
    }

    @Test
    void anIPv6HouseholdIsOne() throws IOException {
        for (int i = 0; i < LIMIT; i++) {
            assertEquals(200, from("2001:db8:0:1:" + i + "::1", first).status());
        }
        assertEquals(429, from("2001:db8:0:1:ffff::1", first).status());
        assertEquals(200, from("2001:db8:0:2::1", first).status());
    }

    @Test
    void theCountEnds() throws IOException {
        from("203.0.113.7", first);
        long seconds = redis.ttl("new_voters:cb007107");
        assertTrue(seconds > 0 && seconds <= 60, "ends in " + seconds);
        redis.set("new_voters:cb007107", "1"); // as if its process had died before it could say when it ends
        from("203.0.113.7", first);
        assertNotEquals(-1, redis.ttl("new_voters:cb007107"));
    }

    private static Answer from(String address, int port, String... headers) throws IOException {
        String lines = RawClient.lines(headers) + "Accept: text/html\r\nX-Forwarded-For: " + address;
        return ask(port, post("vote=a", lines));
    }
}
