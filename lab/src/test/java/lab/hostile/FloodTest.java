package lab.hostile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.LongAdder;
import lab.hostile.RawClient.Answer;
import lab.load.Usage;
import lab.stack.Await;
import lab.stack.TestSystem;
import org.junit.jupiter.api.Test;

/// A flood for `flood.seconds`: half of 1,000 connections vote, the others do harm, all with 64 MB of heap in vote and
/// result. Every vote that was acknowledged is stored in the end, and others are served meanwhile.
class FloodTest {
    private static final long NANOS = Integer.getInteger("flood.seconds", 8) * 1_000_000_000L;
    private static final int CONNECTIONS = 1000;

    private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
    private final Map<Integer, LongAdder> answers = new ConcurrentHashMap<>();

    private volatile boolean over;
    private int turnedAway;

    @Test
    void goodVotesAreAllStored() throws Exception {
        try (var system = new TestSystem(
                        Map.of("OPTIONS", HttpCase.OPTIONS), List.of("-Xmx64m"), "vote", "worker", "result")
                .start()) {
            List<Double> others = flood(system);
            system.stack.awaitEmptyQueue();
            Set<String> stored = new HashSet<>();
            system.postgres.rows("SELECT id FROM votes").forEach(row -> stored.add(row.getFirst()));
            assertTrue(stored.containsAll(acknowledged));
            assertEquals(List.of(), system.stackTraces());
            Collections.sort(others);
            System.out.printf(
                    "Flood of %d s over %,d connections: answers %s; %,d voters acknowledged, all stored; "
                            + "others: %,d pages after %d times no room, median %.0f ms, 99th percentile %.0f ms; "
                            + "peak RSS vote %.0f MB, result %.0f MB%n",
                    NANOS / 1_000_000_000,
                    CONNECTIONS,
                    new TreeMap<>(answers),
                    acknowledged.size(),
                    others.size(),
                    turnedAway,
                    others.get(others.size() / 2),
                    others.get(others.size() * 99 / 100),
                    Usage.of(system.service("vote").process()).peakMegabytes(),
                    Usage.of(system.service("result").process()).peakMegabytes());
        }
    }

    /// Returns the milliseconds that others waited for a page meanwhile.
    private List<Double> flood(TestSystem system) {
        List<HttpCase> hostile = HttpCase.all().stream()
                .filter(each -> each.bytes().length() < 20_000) // or it is a test of the generator's memory
                .toList();
        List<Double> others = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < CONNECTIONS; i++) {
                var random = new Random(i);
                threads.submit(i % 2 == 0 ? () -> vote(system.port("vote")) : () -> harm(system, hostile, random));
            }
            long end = System.nanoTime() + NANOS;
            try {
                while (System.nanoTime() < end) {
                    for (String service : List.of("vote", "result")) {
                        long asked = System.nanoTime();
                        Await.until(service + " answers others", () -> served(system.port(service)));
                        others.add((System.nanoTime() - asked) / 1e6);
                    }
                }
                Await.until("a hundred votes are taken", () -> acknowledged.size() > 100);
            } finally {
                over = true;
            }
        }
        return others;
    }

    /// One more client; where there is no room for it, it is closed at once, and tries again as a browser would.
    private boolean served(int port) {
        try {
            int status = RawClient.ask(port, RawClient.get("/")).status();
            assertTrue(status == 200 || status == 0, "others got " + status);
            turnedAway += status == 200 ? 0 : 1;
            return status == 200;
        } catch (IOException _) {
            turnedAway++;
            return false;
        }
    }

    /// New voters on one connection for as long as it lives, then on another.
    private void vote(int port) {
        while (!over) {
            try (var client = new RawClient(port)) {
                Answer answer = client.send(RawClient.post("vote=a")).read();
                while (answer.status() == 200) {
                    acknowledged.add(answer.cookie("voter_id"));
                    count(answer);
                    if (over) {
                        return;
                    }
                    answer = client.send(RawClient.post("vote=b")).read();
                }
                count(answer);
            } catch (IOException _) {
                count(Answer.CLOSED);
            }
        }
    }

    private void harm(TestSystem system, List<HttpCase> hostile, Random random) {
        while (!over) {
            HttpCase harm = hostile.get(random.nextInt(hostile.size()));
            try (var client = new RawClient(system.port(harm.service()))) {
                client.send(harm.bytes());
                if (random.nextInt(10) > 0) { // one in ten does not wait for what it gets
                    count(client.read(harm.bytes().startsWith("HEAD ")));
                }
            } catch (IOException _) {
                count(Answer.CLOSED);
            }
        }
    }

    private void count(Answer answer) {
        answers.computeIfAbsent(answer.status(), _ -> new LongAdder()).increment();
    }
}
