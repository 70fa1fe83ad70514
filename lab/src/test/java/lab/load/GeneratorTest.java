package lab.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import lab.stack.Stack;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GeneratorTest {
    private final AtomicReference<HttpHandler> handler = new AtomicReference<>(exchange -> answer(exchange, 200));
    private ExecutorService threads;
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        threads = Executors.newVirtualThreadPerTaskExecutor();
        server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.setExecutor(threads);
        server.createContext("/", exchange -> handler.get().handle(exchange));
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
        threads.close();
    }

    private static void answer(HttpExchange exchange, int status) throws IOException {
        try (exchange) {
            exchange.sendResponseHeaders(status, 4);
            exchange.getResponseBody().write("good".getBytes());
        }
    }

    private Load load(int connections, int rate, double seconds) {
        return new Load(server.getAddress().getPort(), "GET /", connections, rate, 0, seconds);
    }

    /// The proof of honesty: 500 requests a second for 3 seconds, and in the middle the server answers nobody for
    /// one second. A third of all requests fell due in that second and waited half of it on average, so the 75th
    /// percentile must be far above what the server takes when it is well. A generator that waits with its server
    /// would have sent ten requests in that second, one a connection, and shown the stall in less than 1 % of its
    /// latencies.
    @Test
    void aStallOfOneSecondIsInTheLatenciesOfAllRequestsThatFellDueInIt() throws Exception {
        var requests = new AtomicInteger();
        var stallUntil = new AtomicReference<Long>();
        handler.set(exchange -> {
            if (requests.incrementAndGet() == 500) {
                stallUntil.set(System.nanoTime() + 1_000_000_000);
            }
            Long until = stallUntil.get();
            while (until != null && System.nanoTime() < until) {
                pause();
            }
            answer(exchange, 200);
        });

        LoadResult result = load(10, 500, 3).work();

        assertEquals(1500, result.latencies().getTotalCount(), "every scheduled request is in the histogram");
        assertEquals(
                List.of(500L, 500L, 500L),
                Stream.of(result.intervals()).map(Histogram::getTotalCount).toList(),
                "and in that of the second in which it was due");
        assertEquals(0, result.errors());
        assertEquals(0, result.unanswered());
        assertTrue(result.percentileMillis(75) > 100, "75th percentile: " + result.percentileMillis(75) + " ms");
        assertTrue(result.percentileMillis(99) > 900, "99th percentile: " + result.percentileMillis(99) + " ms");
    }

    private static void pause() {
        try {
            Thread.sleep(1); // the stall itself
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void whatIsNeverAnsweredIsCountedAndHasItsAgeInTheLatencies() throws Exception {
        handler.set(_ -> {}); // keeps the exchange open

        LoadResult result = load(2, 10, 1).work();

        assertEquals(0, result.answered());
        assertEquals(10, result.unanswered());
        assertEquals(10, result.latencies().getTotalCount());
        assertTrue(result.latencies().getMinValue() > 4_900_000_000L, "nearly five seconds of patience");
    }

    @Test
    void withoutARateEveryConnectionSendsAgainAtOnce() throws Exception {
        LoadResult result = load(4, 0, 3).work();

        assertEquals(0, result.errors());
        assertTrue(result.answered() > 4, "more than one request a connection: " + result.answered());
        assertEquals(result.answered(), Arrays.stream(result.perSecond()).sum());
    }

    @Test
    void answersOtherThanSuccessAreErrors() throws Exception {
        handler.set(exchange -> answer(exchange, 503));

        LoadResult result = load(2, 100, 0.2).work();

        assertEquals(20, result.errors());
        assertEquals(0, result.answered());
    }

    @Test
    void aClosedConnectionIsAnErrorAndIsReplaced() throws Exception {
        var requests = new AtomicInteger();
        handler.set(exchange -> {
            if (requests.incrementAndGet() == 5) {
                exchange.close();
            } else {
                answer(exchange, 200);
            }
        });

        LoadResult result = load(1, 100, 0.2).work();

        assertEquals(1, result.errors());
        assertEquals(19, result.latencies().getTotalCount(), "all others had an answer");
    }

    @Test
    void anAnswerLargerThanTheBufferIsReadWhole() throws Exception {
        byte[] large = "x".repeat(100_000).getBytes();
        handler.set(exchange -> {
            try (exchange) {
                exchange.sendResponseHeaders(200, large.length);
                exchange.getResponseBody().write(large);
            }
        });

        LoadResult result = load(2, 50, 0.2).work();

        assertEquals(10, result.latencies().getTotalCount());
        assertEquals(0, result.errors());
    }

    @Test
    void votesAreWellFormedAndNoVoterVotesTwice() throws Exception {
        List<String> cookies = Collections.synchronizedList(new ArrayList<>());
        List<String> forms = Collections.synchronizedList(new ArrayList<>());
        handler.set(exchange -> {
            forms.add(new String(exchange.getRequestBody().readAllBytes()));
            String cookie = exchange.getRequestHeaders().getFirst("Cookie");
            if (cookie != null) {
                cookies.add(cookie);
            }
            answer(exchange, 200);
        });

        LoadResult result = new Load(server.getAddress().getPort(), "votes", 3, 200, 0, 0.5).work();

        assertEquals(0, result.errors());
        assertEquals(100, forms.size());
        assertEquals(new HashSet<>(List.of("vote=a", "vote=b")), new HashSet<>(forms));
        assertEquals(50, cookies.size(), "every second voter has voted before");
        assertEquals(50, new HashSet<>(cookies).size());
        assertTrue(cookies.getFirst().matches("voter_id=[0-9a-f]{32}; vote=b"), cookies.getFirst());
    }

    @Test
    void inAProcessOfItsOwnItTellsTheSame() throws Exception {
        LoadResult result = Fork.result(load(2, 100, 0.3));

        assertEquals(30, result.latencies().getTotalCount());
        assertEquals(0, result.errors());
        assertTrue(result.generatorCpuSeconds() > 0);
    }

    @Test
    void workThatFailsInItsProcessFailsHereToo() {
        var toNobody = new Load(Stack.freePort(), "GET /", 1, 1, 0, 1);

        assertThrows(IllegalStateException.class, () -> Fork.result(toNobody));
    }

    @Test
    void usageOfThisProcessIsMoreThanNothing() {
        Usage usage = Usage.of(ProcessHandle.current());

        assertTrue(usage.memoryMegabytes() > 1);
        assertTrue(usage.peakMegabytes() >= usage.memoryMegabytes() * 0.9);
        assertTrue(usage.cpuSeconds() > 0);
    }
}
