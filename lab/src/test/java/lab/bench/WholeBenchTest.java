package lab.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicLong;
import lab.bench.WholeBench.Counted;
import lab.bench.WholeBench.Crowd;
import lab.load.Load;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A page that takes votes and a result page, which is wrong if a test wants it.
class WholeBenchTest {
    private final AtomicLong votes = new AtomicLong(1000); // of others, before
    private HttpServer pages;
    private int wrongBy;
    private boolean refusing;

    @BeforeEach
    void start() throws IOException {
        pages = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        pages.createContext("/", exchange -> {
            long before = votes.getAndIncrement();
            answer(exchange, refusing && before % 2 == 0 ? 503 : 200, "voted");
        });
        pages.createContext("/results", exchange -> {
            long total = votes.get();
            answer(exchange, 200, "{\"total\": " + (total == 1000 ? total : total + wrongBy) + "}");
        });
        pages.start();
    }

    @AfterEach
    void stop() {
        pages.stop(0);
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        try (exchange) {
            exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(status, body.length());
            exchange.getResponseBody().write(body.getBytes());
        }
    }

    private Counted crowd() throws Exception {
        int port = pages.getAddress().getPort();
        return new Crowd(new Load(port, "votes", 4, 100, 0, 0.5), 0, port).work();
    }

    @Test
    void whatIsAcknowledgedIsCounted() throws Exception {
        Counted counted = crowd().check("ours");

        assertEquals(50, counted.acknowledged());
        assertEquals(50, counted.votes());
    }

    @Test
    void whatWasRefusedMayBeCounted() throws Exception {
        refusing = true;

        Counted counted = crowd().check("ours");

        assertEquals(25, counted.acknowledged());
        assertEquals(50, counted.votes());
    }

    @ParameterizedTest
    @CsvSource({"-1, 49", "1, 51"})
    void aVoteThatIsLostOrCountedTwiceIsSaid(int wrongBy, int total) throws Exception {
        this.wrongBy = wrongBy;
        Counted counted = crowd();

        var said = assertThrows(IllegalStateException.class, () -> counted.check("ours, at saturation"));

        String sentence = "ours, at saturation: 50 votes were acknowledged, 0 are in doubt, %d are counted.";
        assertEquals(sentence.formatted(total), said.getMessage());
    }
}
