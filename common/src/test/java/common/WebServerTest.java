package common;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WebServerTest {
    private final HttpClient client = HttpClient.newHttpClient();
    private final Outage neighbour = new Outage("Neighbour");
    private WebServer server;

    @BeforeEach
    void start() throws IOException {
        neighbour.failed(new IllegalStateException("host, user and password"));
        server = new WebServer(0, new Metrics(), List.of(neighbour));
        server.on("GET /fails", _ -> {
            throw new IllegalStateException("the inside");
        });
        server.on("POST /form", request -> Response.text(200, request.form("field")));
        server.on(
                "GET /cookies",
                request -> Response.text(200, request.cookies("id").toString()));
        server.start(".");
    }

    @AfterEach
    void stop() {
        server.stop();
    }

    private HttpResponse<String> ask(String path, String... headers) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), BodyHandlers.ofString());
    }

    @Test
    void aFaultOfOursIsAnAnswerWithoutItsInside() throws Exception {
        assertEquals(500, ask("/fails").statusCode());
        assertFalse(ask("/fails").body().contains("inside"));
    }

    @Test
    void anErrorPageIsSmallHoweverDeepItsPath() throws Exception {
        HttpResponse<String> answer = ask("/a" + "/".repeat(7000), "Accept", "text/html");
        assertEquals(404, answer.statusCode());
        assertTrue(answer.body().length() < 2000, answer.body());
    }

    @Test
    void readinessNamesTheNeighbourAndNoMore() throws Exception {
        assertEquals(503, ask("/readyz").statusCode());
        assertTrue(ask("/readyz").body().startsWith("neighbour: "));
        assertFalse(ask("/readyz").body().contains("password"));
    }

    @Test
    void nothingIsStoredUnlessItSaysSo() throws Exception {
        assertEquals(List.of("no-store"), ask("/livez").headers().allValues("Cache-Control"));
        assertEquals(List.of("max-age=60"), ask("/style.css").headers().allValues("Cache-Control"));
    }

    @Test
    void everyCookieOfTheNameIsFound() throws Exception {
        assertEquals(
                "[1, , 2]",
                ask("/cookies", "Cookie", "id=1; ID=0; xid=0; id=; id = \"2\"").body());
    }

    private HttpResponse<String> post(String path, String form) throws IOException, InterruptedException {
        var post = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                .header("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
                .POST(HttpRequest.BodyPublishers.ofString(form));
        return client.send(post.build(), BodyHandlers.ofString());
    }

    @Test
    void aFieldIsDecodedOnce() throws Exception {
        assertEquals("%41 ä", post("/form", "a=b&f%69eld=%2541+%C3%A4&c").body());
    }

    @Test
    void aConnectionThatCannotBeUsedAgainIsSaidToClose() throws Exception {
        assertEquals(List.of(), post("/form", "field=1").headers().allValues("Connection"));
        var tooLong = post("/form", "field=" + "x".repeat(1024));
        assertEquals(413, tooLong.statusCode());
        assertEquals(List.of("close"), tooLong.headers().allValues("Connection"));
        assertEquals(List.of(), post("/nowhere", "field=1").headers().allValues("Connection"));
    }
}
