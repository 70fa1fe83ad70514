package lab.hostile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import lab.hostile.RawClient.Answer;
import lab.stack.Await;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// More than there is room for, with 64 MB of heap: refused quickly, nothing falls over, and at once all is well again.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OverloadTest {
    private static final int CONNECTIONS = 5000;

    private House house;

    @BeforeAll
    void start(@TempDir Path data) {
        house = new House(data, Map.of(), List.of("-Xmx64m"), "vote", "result");
    }

    @AfterAll
    void stop() {
        house.close();
    }

    @Test
    void aHangingRedisIsAnsweredWith503AndNothingIsHalfDone() throws Exception {
        house.stack.redis().freeze();
        List<Integer> hanging = votes(500);
        assertEquals(List.of(), hanging.stream().filter(status -> status != 503).toList());
        Await.until("/readyz says so", () -> house.service("vote").unready() != null);
        Answer hits = RawClient.ask(house.port("vote"), RawClient.get("/hits"));
        assertEquals(503, hits.status());
        assertEquals("2", hits.header("Retry-After"));
        house.stack.redis().thaw();
        Await.until("the next vote counts", () -> votes(1).equals(List.of(200)));
        Await.until("it is ready again", () -> house.service("vote").unready() == null);
    }

    @Test
    void aFloodOfProbesLeavesRoomForVotesWhileRedisHangs() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            house.stack.redis().freeze();
            List<Future<Integer>> probes = IntStream.range(0, 400)
                    .mapToObj(i -> threads.submit(() -> RawClient.ask(
                                    house.port("vote"), RawClient.get(i % 2 == 0 ? "/readyz" : "/hits"))
                            .status()))
                    .toList();
            assertEquals(List.of(503), votes(1));
            house.stack.redis().thaw();
            for (Future<Integer> probe : probes) {
                assertTrue(List.of(200, 503).contains(probe.get()));
            }
        }
        Await.until("the next vote counts", () -> votes(1).equals(List.of(200)));
    }

    private List<Integer> votes(int count) throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> votes = IntStream.range(0, count)
                    .mapToObj(_ -> threads.submit(() -> RawClient.ask(house.port("vote"), RawClient.post("vote=a"))
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
        String version = RawClient.ask(house.port("result"), RawClient.get("/results"))
                .body()
                .replaceFirst("(?s).*\"version\":\"([^\"]*)\".*", "$1");
        String poll = RawClient.get("/results?after=" + version);
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
            long pid = house.service(service).process().pid();
            for (String request : kinds.get(service)) {
                open(house.port(service), request);
                Await.until(service + " answers again", () -> ok(service));
                assertEquals(pid, house.service(service).process().pid());
            }
            assertEquals(
                    0,
                    house.log.stream()
                            .filter(line -> line.contains("OutOfMemory"))
                            .count());
            System.out.printf(
                    "Overload: %s took 4 times %,d connections with -Xmx64m; peak RSS %s%n",
                    service, CONNECTIONS, peakMemory(pid));
        }
    }

    private static void open(int port, String request) throws IOException {
        List<RawClient> clients = new ArrayList<>();
        try {
            for (int i = 0; i < CONNECTIONS; i++) {
                clients.add(RawClient.careless(port).sendWhatFits(request));
            }
        } finally {
            for (RawClient client : clients) {
                client.close();
            }
        }
    }

    private boolean ok(String service) throws IOException {
        try {
            return RawClient.ask(house.port(service), RawClient.get("/livez")).status() == 200;
        } catch (IOException _) {
            return false; // no room yet
        }
    }

    /// As Linux keeps it; elsewhere it is not known.
    static String peakMemory(long pid) throws IOException {
        Path status = Path.of("/proc/" + pid + "/status");
        return !Files.exists(status)
                ? "unknown here"
                : Files.readAllLines(status).stream()
                        .filter(line -> line.startsWith("VmHWM"))
                        .map(line -> Integer.parseInt(line.replaceAll("[^0-9]", "")) / 1024 + " MB")
                        .findFirst()
                        .orElse("unknown here");
    }
}
