package lab.hostile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import lab.hostile.RawClient.Answer;
import lab.load.Usage;
import lab.stack.Await;
import lab.stack.TestSystem;
import org.json.JSONObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// More than there is room for, with 64 MB of heap: refused quickly, nothing falls over, and at once all is well again.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OverloadTest {
    private static final int CONNECTIONS = 5000;

    private final TestSystem system =
            new TestSystem(Map.of(), List.of("-Xmx64m", "-XX:+UseSerialGC"), "vote", "result").start();

    @AfterAll
    void stop() {
        system.close();
    }

    @Test
    void aHangingRedisIsAnsweredWith503AndNothingIsHalfDone() throws Exception {
        system.redis.freeze();
        List<Integer> hanging = votes(500);
        assertEquals(List.of(), hanging.stream().filter(status -> status != 503).toList());
        Await.until("/readyz says so", () -> system.service("vote").unready() != null);
        Answer hits = RawClient.ask(system.port("vote"), RawClient.get("/hits"));
        assertEquals(503, hits.status());
        assertEquals("2", hits.header("Retry-After"));
        system.redis.thaw();
        Await.until("the next vote counts", () -> votes(1).equals(List.of(200)));
        Await.until("it is ready again", () -> system.service("vote").unready() == null);
    }

    @Test
    void aFloodOfProbesLeavesRoomForVotesWhileRedisHangs() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            system.redis.freeze();
            List<Future<Integer>> probes = IntStream.range(0, 400)
                    .mapToObj(i -> threads.submit(() -> RawClient.ask(
                                    system.port("vote"), RawClient.get(i % 2 == 0 ? "/readyz" : "/hits"))
                            .status()))
                    .toList();
            assertEquals(List.of(503), votes(1));
            system.redis.thaw();
            for (Future<Integer> probe : probes) {
                assertTrue(List.of(200, 503).contains(probe.get()));
            }
        }
        Await.until("the next vote counts", () -> votes(1).equals(List.of(200)));
    }

    private List<Integer> votes(int count) throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> votes = IntStream.range(0, count)
                    .mapToObj(_ -> threads.submit(() -> RawClient.ask(system.port("vote"), RawClient.post("vote=a"))
                            .status()))
                    .toList();
            List<Integer> answers = new ArrayList<>();
            for (Future<Integer> vote : votes) {
                answers.add(vote.get());
            }
            return answers;
        }
    }

    /// Each kind of connection in turn, as many as that at once; those that find no room are closed.
    @Test
    void thousandsOfConnectionsDoNotEndAService() throws Exception {
        String[] headers = IntStream.range(0, 100).mapToObj(i -> "X" + i + ":z").toArray(String[]::new);
        String poll = RawClient.get("/results?after=VERSION&x=" + "y".repeat(4000), headers);
        Map<String, List<String>> kinds = Map.of(
                "vote",
                List.of("", RawClient.get("/"), "GET / HTTP/1.1\r\nX: " + "y".repeat(7800), RawClient.post("vote=a")),
                "result",
                List.of(
                        "GET /" + "y".repeat(7800),
                        RawClient.get("/style.css"),
                        RawClient.get("/").repeat(300),
                        poll));
        for (String service : kinds.keySet()) {
            ProcessHandle process = system.service(service).process();
            for (String request : kinds.get(service)) {
                open(system.port(service), request.replace("VERSION", version()));
                Await.until(service + " answers again", () -> ok(service));
                assertTrue(process.isAlive());
            }
            assertTrue(system.log.stream().noneMatch(line -> line.contains("OutOfMemory")));
            System.out.printf(
                    "Overload: %s took 4 times %,d connections with -Xmx64m; peak RSS %.0f MB%n",
                    service, CONNECTIONS, Usage.of(process).peakMegabytes());
        }
    }

    /// Where there is room for 660, seven eighths of them may stay and vote again.
    @Test
    void hundredsMayKeepTheirConnections() throws Exception {
        List<RawClient> clients = new ArrayList<>();
        try {
            for (int i = 0; i < 560; i++) {
                clients.add(new RawClient(system.port("vote")));
            }
            for (int round = 0; round < 3; round++) {
                clients.forEach(client -> client.send(RawClient.post("vote=a")));
                for (RawClient client : clients) {
                    assertEquals(200, client.read().status(), "round " + round);
                }
            }
        } finally {
            for (RawClient client : clients) {
                client.close();
            }
        }
    }

    /// A client that asks for news and leaves is noticed only when it is answered, and until then has its place. Here
    /// 1,500 do so one after another, sooner than any of them would be answered, where there is room for 660.
    @Test
    void abandonedPollsShutNobodyOut() throws Exception {
        int port = system.port("result");
        String abandoned = RawClient.get("/results?after=" + version());
        var news = CompletableFuture.runAsync(() -> followUntilSomebodyVotes(port), Thread::startVirtualThread);
        Await.until("a viewer is held", () -> system.service("result").metric("polls_held") == 1);
        for (int i = 0; i < 1500; i++) {
            try (var client = new RawClient(port)) {
                client.send(abandoned);
            }
            String path = i % 2 == 0 ? "/livez" : "/results";
            assertEquals(200, RawClient.ask(port, RawClient.get(path)).status(), path + " after " + i + " polls");
        }
        Await.until(
                "half of the places are free", () -> system.service("result").metric("polls_held") <= 330);
        system.postgres.execute("INSERT INTO votes VALUES ('somebody', 'a')");
        news.join();
    }

    /// As the page does: asks for news, again if there are none, and fails if it is not answered.
    private static void followUntilSomebodyVotes(int port) {
        var standing = new JSONObject().put("version", "none").put("total", 0);
        while (standing.getInt("total") == 0) {
            try {
                Answer answer = RawClient.ask(port, RawClient.get("/results?after=" + standing.getString("version")));
                assertEquals(200, answer.status());
                standing = new JSONObject(answer.body());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private String version() throws Exception {
        return system.results().getString("version");
    }

    private static void open(int port, String request) throws Exception {
        List<RawClient> clients = new ArrayList<>();
        try {
            for (int i = 0; i < CONNECTIONS; i++) {
                clients.add(RawClient.careless(port).sendWhatFits(request));
            }
            Thread.sleep(1000); // all of them at once
        } finally {
            for (RawClient client : clients) {
                client.close();
            }
        }
    }

    private boolean ok(String service) throws IOException {
        try {
            return RawClient.ask(system.port(service), RawClient.get("/livez")).status() == 200;
        } catch (IOException _) {
            return false; // no room yet
        }
    }
}
