package lab.hostile;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import lab.hostile.RawClient.Answer;
import lab.stack.TestSystem;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// Who sends slowly, or nothing, is cut off, and costs the others nothing.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SlowClientTest {
    private static final String HEAD =
            "POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n";
    /// A request has seven seconds, and the server looks once a second; who is only idle has thirty.
    private static final int LONGEST_MILLIS = 10_000;

    private static final int IDLE = 2000;

    private final TestSystem system = new TestSystem(Map.of(), "vote").start();

    @AfterAll
    void stop() {
        system.close();
    }

    @Test
    void aSlowSenderIsCutWhileOthersAreServed() throws Exception {
        Map<String, Callable<Double>> senders = Map.of(
                "nothing at all", () -> secondsUntilCut("", ""),
                "half a request line", () -> secondsUntilCut("GET / HT", ""),
                "lines that end in LF alone", () -> secondsUntilCut("GET / HTTP/1.1\nHost: x\n\n", ""),
                "a header for ever", () -> secondsUntilCut("GET / HTTP/1.1\r\nX: ", "y"),
                "a body that does not come", () -> secondsUntilCut(HEAD + "Content-Length: 6\r\n\r\nvote", ""),
                "a body for ever", () -> secondsUntilCut(HEAD + "Content-Length: 1000\r\n\r\n", "v"),
                "chunks for ever", () -> secondsUntilCut(HEAD + "Transfer-Encoding: chunked\r\n\r\n", "1\r\nv\r\n"),
                "a chunk's size that does not come",
                        () -> secondsUntilCut(HEAD + "Transfer-Encoding: chunked\r\n\r\n", ""));
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Double>> cuts =
                    senders.values().stream().map(threads::submit).toList();
            int served = 0;
            while (!cuts.stream().allMatch(Future::isDone)) {
                assertEquals(200, vote().status());
                served++;
            }
            double longest = 0;
            for (Future<Double> cut : cuts) {
                longest = Math.max(longest, cut.get());
            }
            System.out.printf(
                    "Slow clients: %d kinds, the last cut after %.1f s; %,d votes were served meanwhile%n",
                    senders.size(), longest, served);
        }
    }

    /// Sends the start, then the rest again every half second, until the server closes the connection; fails if it
    /// has not in time. What it says before, if anything, is no success.
    private double secondsUntilCut(String start, String rest) throws IOException, InterruptedException {
        long began = System.nanoTime();
        try (var client = new RawClient(system.port("vote"), LONGEST_MILLIS)) {
            client.send(start);
            Thread dripping = Thread.ofVirtual().start(() -> drip(client, rest));
            for (Answer answer : client.readAll()) {
                assertEquals(400, answer.status());
            }
            dripping.interrupt();
            dripping.join();
        }
        return (System.nanoTime() - began) / 1e9;
    }

    private static void drip(RawClient client, String rest) {
        try {
            while (true) {
                Thread.sleep(500); // the pace of the attack, not a wait
                client.send(rest);
            }
        } catch (InterruptedException _) {
            // cut
        }
    }

    @Test
    void thousandsOfIdleConnectionsKeepNobodyOut() throws Exception {
        List<RawClient> idle = new ArrayList<>();
        try {
            for (int i = 0; i < IDLE; i++) {
                var client = new RawClient(system.port("vote"));
                idle.add(client);
                if (i % 2 == 0) { // half of them say nothing, half have asked before
                    assertEquals(
                            200, client.send(RawClient.get("/livez")).read().status());
                }
            }
            for (int i = 0; i < 100; i++) {
                assertEquals(200, vote().status());
            }
            assertEquals(200, idle.get(0).send(RawClient.get("/")).read().status());
        } finally {
            for (RawClient client : idle) {
                client.close();
            }
        }
    }

    @Test
    void whoGoesBeforeTheAnswerLeavesNothingBehind() throws Exception {
        for (int i = 0; i < 200; i++) {
            try (var client = new RawClient(system.port("vote"))) {
                client.send(
                        i % 2 == 0
                                ? RawClient.post("vote=a")
                                : RawClient.get("/").repeat(50));
            }
        }
        assertEquals(200, vote().status());
        assertEquals(List.of(), system.stackTraces());
    }

    private Answer vote() throws IOException {
        return RawClient.ask(system.port("vote"), RawClient.post("vote=a"));
    }
}
