package lab.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import lab.stack.Await;
import lab.stack.Service;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/// The result page while its replicas are changed one after another, from two options to three.
@EnabledIf("lab.browser.Browser#isInstalled")
class RollingChangeTest extends PagesTest {
    private Service old;

    RollingChangeTest() {
        super("Cats,Dogs,Birds");
    }

    @BeforeAll
    void startTheOldOne() {
        old = system.start("result", Map.of("OPTIONS", "Cats,Dogs"));
    }

    @Test
    void saysHowManyVotesAreForOptionsThatItDoesNotKnow() throws Exception {
        votes(0, 0, 3);
        browser.open(old.address());
        browser.awaitText("#trouble", "Votes for options that this page does not know: 3.");
        assertEquals("", browser.text("#nobody"), "three have voted");
        browser.screenshot("result-others-only");
        votes(2, 1, 1);
        browser.awaitTexts(PERCENT, "66.7%", "33.3%");
        browser.awaitText("#trouble", "does not know: 1.");
        assertEquals("", browser.text("#live"));
        browser.screenshot("result-others");
        assertEquals(List.of(), browser.barriers());
        votes(2, 1);
        browser.awaitNoText("#trouble");
        browser.awaitText("#live", "Live");
    }

    /// The worst case: every page is the old replica's, and every standing the new one's.
    @Test
    void waitsASecondAtLeastBeforeItLoadsItselfAgain() throws Exception {
        votes(1, 0, 1);
        try (var front = new Front(old.address(), standing())) {
            browser.open(front.address());
            Await.until("it has loaded itself four times", () -> front.pages.size() > 4);
            for (int i = 1; i < front.pages.size(); i++) {
                long millis = (front.pages.get(i) - front.pages.get(i - 1)) / 1_000_000;
                assertTrue(millis >= 1000, "again after " + millis + " ms");
            }
            front.replaceOld();
            browser.awaitTexts(PERCENT, "50.0%", "0.0%", "50.0%");
            browser.awaitText("#live", "Live");
        }
    }

    /// The options are as they were; but what is shown would be taken for an answer to the question before.
    @Test
    void loadsItselfAgainForAnotherQuestion() throws Exception {
        votes(2, 1);
        Service next = system.start("result", Map.of("OPTIONS", "Cats,Dogs", "QUESTION", "Pets?"));
        try (var front = new Front(old.address(), next.address())) {
            browser.open(front.address());
            front.replaceOld();
            browser.awaitText("h1", "Pets?");
            browser.awaitText("#live", "Live");
        }
    }

    /// What stands before two replicas and sends each request to one of them.
    private static final class Front implements AutoCloseable {
        private final HttpClient client = HttpClient.newHttpClient();
        private final HttpServer server;
        private final URI standings;
        private volatile URI pagesFrom;

        /// When each page was asked for.
        final List<Long> pages = new CopyOnWriteArrayList<>();

        Front(URI pagesFrom, URI standings) throws IOException {
            this.pagesFrom = pagesFrom;
            this.standings = standings;
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext("/", this::forward);
            server.setExecutor(Thread::startVirtualThread);
            server.start();
        }

        URI address() {
            return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
        }

        void replaceOld() {
            pagesFrom = standings;
        }

        private void forward(HttpExchange exchange) throws IOException {
            URI wanted = exchange.getRequestURI();
            boolean isPage = wanted.getPath().equals("/");
            if (isPage) {
                pages.add(System.nanoTime());
            }
            try (exchange) {
                var request = HttpRequest.newBuilder((isPage ? pagesFrom : standings).resolve(wanted));
                HttpResponse<byte[]> answer = client.send(request.build(), BodyHandlers.ofByteArray());
                exchange.getResponseHeaders()
                        .set(
                                "Content-Type",
                                answer.headers().firstValue("Content-Type").orElseThrow());
                exchange.sendResponseHeaders(answer.statusCode(), answer.body().length);
                exchange.getResponseBody().write(answer.body());
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void close() {
            server.stop(0);
            client.shutdownNow();
        }
    }
}
