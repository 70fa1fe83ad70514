package lab.hostile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import lab.hostile.RawClient.Answer;
import lab.stack.Await;
import lab.stack.Service;
import lab.stack.TestSystem;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import redis.clients.jedis.Jedis;

/// Random damage to good input, always the same for the same `fuzz.seed`; each fuzzer runs for a quarter of
/// `fuzz.seconds`. Nothing but the documented answers may come back.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FuzzTest {
    private static final long SEED = Long.getLong("fuzz.seed", 20261121);
    private static final long NANOS = Integer.getInteger("fuzz.seconds", 60) * 1_000_000_000L / 4;

    private static final List<String> SEASONING =
            List.of(("|a|b|vote|=|&|;|%|%00|%61|%C3%A4|+|\0|\r\n|\n|\r|\"|'|<|>|{|}|[|]|"
                            + ":|,|\\u0000|\\ud800|\\|\t| |-1|9999999999|1e999|null|true|\u00ff|\u00c0\u0080|..|/|//|?|#|*|voter_id|Content-Length|chunked|\u007f")
                    .split("\\|"));

    private final TestSystem system = new TestSystem(Map.of(), "vote", "worker").start();
    private final Jedis redis = system.redis.connect();

    @AfterAll
    void stop() {
        redis.close();
        system.close();
    }

    /// Cuts, doubles, swaps or seasons a text in one to four places.
    private static String damaged(Random random, String text) {
        var damaged = new StringBuilder(text);
        for (int i = random.nextInt(4); i >= 0; i--) {
            int from = random.nextInt(damaged.length() + 1);
            int to = Math.min(damaged.length(), from + random.nextInt(6));
            String spice = SEASONING.get(random.nextInt(SEASONING.size()));
            switch (random.nextInt(6)) {
                case 0 -> damaged.delete(from, to);
                case 1 -> damaged.insert(from, damaged.substring(from, to));
                case 2 -> damaged.replace(from, to, spice);
                case 3 -> damaged.insert(from, (char) random.nextInt(256));
                case 4 -> damaged.insert(from, spice.repeat(1 + random.nextInt(40)));
                default -> damaged.insert(from, spice);
            }
        }
        return damaged.toString();
    }

    /// The body is damaged, its length is right: a vote, or refused.
    @Test
    void forms() throws IOException {
        requests("forms", Set.of(200, 400, 413), random -> RawClient.post(damaged(random, "vote=a&x=%41")));
    }

    /// A cookie decides who votes, never whether. Damage that ends the header line is another test's.
    @Test
    void cookies() throws IOException {
        requests(
                "cookies",
                Set.of(200),
                random -> RawClient.post(
                        "vote=b",
                        "Cookie: "
                                + damaged(random, "a=b; voter_id=0123456789abcdef; vote=b")
                                        .replaceAll("[\r\n]", "_")));
    }

    /// Any byte of the request may be wrong. The client ends its side, so that the server need not wait for the rest.
    @Test
    void wholeRequests() throws IOException {
        String good = RawClient.post("vote=a", "Cookie: voter_id=0123456789abcdef", "Sec-Fetch-Site: same-origin");
        String chunked = "POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n"
                + "Transfer-Encoding: chunked\r\n\r\n6\r\nvote=a\r\n0\r\n\r\n";
        requests(
                "whole requests",
                Set.of(0, 200, 400, 403, 404, 405, 413, 415, 501),
                random -> damaged(random, random.nextBoolean() ? good : chunked));
    }

    private interface Recipe {
        String make(Random random);
    }

    private void requests(String name, Set<Integer> documented, Recipe recipe) throws IOException {
        var random = new Random(SEED);
        var answers = new TreeMap<Integer, Integer>();
        long end = System.nanoTime() + NANOS;
        while (System.nanoTime() < end) {
            String request = recipe.make(random);
            try (var client = new RawClient(system.port("vote"))) {
                client.send(request).endOutput();
                Answer answer = client.read(request.startsWith("HEAD "));
                answers.merge(answer.status(), 1, Integer::sum);
                assertTrue(documented.contains(answer.status()), () -> answer.text() + "\nto\n" + request);
                assertFalse(answer.text().contains("\tat "), request);
                String id = answer.cookie("voter_id");
                assertTrue(id == null || id.matches("[0-9a-f]{1,32}"), request);
            }
        }
        System.out.printf("Fuzzed %s: %s%n", name, answers);
        assertEquals(List.of(), system.stackTraces());
        system.stack.awaitEmptyQueue();
        assertEquals(0, rejected(), "our own page queued what is no vote");
    }

    /// Takes the rejected away, for the next test.
    private long rejected() {
        long rejected = redis.llen("{votes}:rejected");
        redis.del("{votes}:rejected");
        return rejected;
    }

    /// Every message is either stored or rejected, and the worker goes on.
    @Test
    void messages() throws Exception {
        var random = new Random(SEED);
        system.stack.awaitEmptyQueue();
        double before = accountedFor();
        int saidBefore = system.log.size(); // as that PostgreSQL is starting up
        long sent = 0;
        long end = System.nanoTime() + NANOS;
        while (System.nanoTime() < end) {
            List<byte[]> batch = new ArrayList<>();
            for (int i = 0; i < 500; i++) {
                String good = "{\"voter_id\":\"f" + random.nextInt(1000) + "\",\"vote\":\"" + (i % 2 == 0 ? "a" : "b")
                        + "\"}";
                batch.add(damaged(random, good).getBytes(StandardCharsets.ISO_8859_1));
            }
            redis.rpush("votes".getBytes(StandardCharsets.UTF_8), batch.toArray(byte[][]::new));
            sent += batch.size();
            system.stack.awaitEmptyQueue();
        }
        long all = sent;
        Await.until("all are accounted for", () -> accountedFor() - before >= all); // more, if a batch came twice
        System.out.printf(
                "Fuzzed messages: %,d, of which %,.0f were rejected%n",
                all, system.service("worker").metric("votes_rejected_total"));
        rejected();
        assertEquals(List.of(), system.stackTraces());
        assertEquals(
                List.of(),
                system.log.stream()
                        .skip(saidBefore)
                        .filter(line -> line.contains("Waiting for P"))
                        .toList());
    }

    private double accountedFor() throws Exception {
        Service worker = system.service("worker");
        return worker.metric("votes_stored_total") + worker.metric("votes_rejected_total");
    }
}
