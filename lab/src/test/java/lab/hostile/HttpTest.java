package lab.hostile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import lab.hostile.RawClient.Answer;
import lab.stack.TestSystem;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;

/// Every request of the table gets the answer it must get, from the built jars, and puts no vote into the queue that
/// it must not. No worker runs, so that the queue can be looked at.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HttpTest {
    private static final Pattern MESSAGE = Pattern.compile("\\{\"voter_id\":\"[0-9a-f]{1,32}\",\"vote\":\"[a-c]\"}");

    private final Map<String, Integer> answers = new TreeMap<>();
    private final TestSystem system = new TestSystem(Map.of("OPTIONS", HttpCase.OPTIONS), "vote", "result").start();

    @AfterAll
    void stop() {
        system.close();
        System.out.println(
                "Hostile HTTP: " + answers.values().stream().mapToInt(i -> i).sum() + " answers " + answers);
    }

    @TestFactory
    Stream<DynamicTest> everyRequestGetsItsAnswer() {
        List<HttpCase> cases = HttpCase.all();
        System.out.println("Hostile HTTP: " + cases.size() + " cases");
        return cases.stream()
                .map(each -> DynamicTest.dynamicTest(each.service() + ": " + each.name(), () -> check(each)));
    }

    /// The JDK answers such requests (25.0.3) or refuses them (25.0.5).
    @ParameterizedTest
    @ValueSource(strings = {"", "Host: a\r\nHost: b\r\n"})
    void aRequestWithoutExactlyOneHostIsAnsweredOrRefused(String hosts) throws IOException {
        try (var client = new RawClient(system.port("vote"))) {
            client.send("GET / HTTP/1.1\r\n" + hosts + "\r\n");
            int status = client.read(false).status();
            assertTrue(status == 200 || status == 400, "answered with " + status);
        }
    }

    private void check(HttpCase hostile) throws IOException {
        try (var redis = system.redis.connect();
                var client = new RawClient(system.port(hostile.service()))) {
            redis.del("votes");
            boolean head = hostile.bytes().startsWith("HEAD ");
            client.send(hostile.bytes());
            List<Integer> status = new ArrayList<>();
            for (int i = 0; i < hostile.status().size(); i++) {
                Answer answer = client.read(head);
                status.add(answer.status());
                answers.merge(answer.status() == 0 ? "closed" : "" + answer.status(), 1, Integer::sum);
                checkContent(answer);
            }
            assertEquals(hostile.status(), status);
            List<String> queued = redis.lrange("votes", 0, -1);
            assertEquals(hostile.queued(), queued.size(), queued.toString());
            queued.forEach(message -> assertTrue(MESSAGE.matcher(message).matches(), message));
        }
    }

    /// No answer shows a stack trace, repeats what was sent, or lacks the headers that tie a browser's hands. What the
    /// JDK refuses before we see it has none, and nothing in it.
    private static void checkContent(Answer answer) {
        String text = answer.text();
        assertFalse(text.contains("\tat ") || text.contains(".java:"), text);
        boolean json = "application/json".equals(answer.header("Content-Type")); // with nosniff nobody runs it
        assertFalse(!json && (text.contains("<script>") || text.contains("<img src=x")), text);
        assertFalse(text.contains("alert(9)") || text.contains("evil.example"), text);
        boolean fromTheJdk = answer.body().startsWith("<h1>");
        if (answer.status() == 0 || fromTheJdk) {
            return;
        }
        String policy = answer.header("Content-Security-Policy");
        assertTrue(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"), policy);
        assertFalse(policy.contains("unsafe") || policy.contains("*"), policy);
        assertEquals("nosniff", answer.header("X-Content-Type-Options"));
        assertEquals("same-origin", answer.header("Referrer-Policy"));
        assertEquals(1, answer.headers("Cache-Control").size(), text);
        answer.headers("Set-Cookie")
                .forEach(cookie -> assertTrue(
                        cookie.matches(
                                "(voter_id=[0-9a-f]{32}|vote=[a-c]-[0-9a-f]{8}); Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax"),
                        cookie));
    }

    @Test
    void anIdIsNeverGivenTwiceAndNeverWritten() throws IOException {
        var ids = new HashSet<String>();
        for (int i = 0; i < 500; i++) {
            String id =
                    RawClient.ask(system.port("vote"), RawClient.post("vote=a")).cookie("voter_id");
            assertTrue(id.matches("[0-9a-f]{32}"), id);
            assertTrue(ids.add(id.substring(12)), "The random part came twice");
        }
        String told = String.join("\n", system.log)
                + RawClient.ask(system.port("vote"), RawClient.get("/metrics")).body();
        ids.forEach(id -> assertFalse(told.contains(id)));
    }

    @Test
    void aKnownVoterKeepsHisIdAndTheFirstValidOneCounts() throws IOException {
        String original = "123456789abcdef"; // the original's ids have 15 digits
        for (String cookie : List.of(
                "voter_id=" + original,
                "a=b; voter_id=" + original + "; voter_id=fff",
                "voter_id=\"" + original + "\"",
                "voter_id=NO; voter_id=" + original,
                "voter_id=NO\r\nCookie: voter_id=" + original)) {
            try (Jedis redis = system.redis.connect()) {
                redis.del("votes");
                Answer answer = RawClient.ask(system.port("vote"), RawClient.post("vote=b", "Cookie: " + cookie));
                assertEquals(original, answer.cookie("voter_id"), cookie);
                assertEquals("{\"voter_id\":\"" + original + "\",\"vote\":\"b\"}", redis.lpop("votes"));
            }
        }
    }

    @Test
    void metricsAndProbesTellNothingOfTheInside() throws IOException {
        for (String service : List.of("vote", "result")) {
            for (String path : List.of("/metrics", "/readyz", "/livez")) {
                String body =
                        RawClient.ask(system.port(service), RawClient.get(path)).body();
                assertFalse(body.contains("127.0.0.1") || body.contains("postgres:") || body.contains("/"), body);
            }
        }
    }

    @Test
    void hostileRequestsLeaveNoTraceInTheLog() throws IOException {
        for (HttpCase each : HttpCase.all()) {
            try (var client = new RawClient(system.port(each.service()))) {
                client.send(each.bytes()).read(each.bytes().startsWith("HEAD "));
            }
        }
        assertEquals(
                List.of(),
                system.log.stream()
                        .filter(line -> !line.matches(".*(Ready on port|Connected to|Waiting for) .*"))
                        .toList());
    }
}
