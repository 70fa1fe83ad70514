package common;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import common.WebServer.Handler;
import java.io.IOException;
import java.util.Map;

/// Finds the handler of a request by its method and exact path, and sends what it answers: the one place where a
/// failure becomes an answer, and where every answer gets its security headers.
final class Router implements HttpHandler {
    private static final Headers SECURITY = Headers.of(
            "Content-Security-Policy",
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
                    + "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
            "X-Content-Type-Options",
            "nosniff",
            "Referrer-Policy",
            "same-origin",
            "Cache-Control",
            "no-store"); // unless the answer says otherwise

    private final Map<String, Handler> routes; // by method and path
    private final Metrics metrics;

    Router(Map<String, Handler> routes, Metrics metrics) {
        this.routes = routes;
        this.metrics = metrics;
    }

    @Override
    public void handle(HttpExchange exchange) {
        try (exchange) {
            send(exchange, answer(exchange));
        } catch (IOException _) {
            // the client is gone: there is nobody to tell
        }
    }

    private Response answer(HttpExchange exchange) {
        String path = exchange.getRequestURI().getRawPath();
        try {
            var request = Request.read(exchange);
            return handler(exchange.getRequestMethod(), path).handle(request);
        } catch (HttpError e) {
            String accept = exchange.getRequestHeaders().getFirst("Accept");
            return e.response(accept != null && accept.contains("text/html"), path);
        } catch (Exception e) {
            Log.error("A request to " + path + " failed", e);
            return new HttpError(500, "Something went wrong here. It has been logged.").response(false, path);
        }
    }

    private Handler handler(String method, String path) {
        Handler handler = routes.get((method.equals("HEAD") ? "GET" : method) + " " + path);
        if (handler != null) {
            return handler;
        }
        if (!routes.containsKey("GET " + path)) {
            throw new HttpError(404, "There is no such page.");
        }
        String allowed = routes.containsKey("POST " + path) ? "GET, HEAD, POST" : "GET, HEAD";
        throw new HttpError(405, "This page takes " + allowed + " only.", "Allow", allowed);
    }

    private void send(HttpExchange exchange, Response response) throws IOException {
        metrics.counter("http_responses_total{code=\"" + response.status() + "\"}")
                .increment();
        Headers headers = exchange.getResponseHeaders();
        headers.putAll(SECURITY);
        headers.putAll(response.headers());
        if (exchange.getRequestHeaders().containsKey("Transfer-Encoding")) {
            // The JDK reads the chunk size 100000000 as 0: what follows must not be taken for the next request.
            headers.set("Connection", "close");
        }
        int length = exchange.getRequestMethod().equals("HEAD") ? 0 : response.body().length;
        exchange.sendResponseHeaders(response.status(), length == 0 ? -1 : length);
        if (length > 0) {
            exchange.getResponseBody().write(response.body());
        }
    }
}
