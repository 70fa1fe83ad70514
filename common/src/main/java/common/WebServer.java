package common;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/// The JDK's HTTP server with what it leaves to its user: exact paths, methods, limits, security headers, one place
/// where a failure becomes an answer, and the three addresses every service has: `/livez`, `/readyz` and `/metrics`.
public final class WebServer {
    /// A connection with a request holds 34 KB, at worst 52, and an exhausted heap would be the end for everybody. So
    /// the heap says how many there may be; one more is closed at once, and may try again.
    private static final long MAX_CONNECTIONS = Runtime.getRuntime().maxMemory() / 65_536;

    static {
        // Read once, when the server's classes load; whoever sets one on the command line wins.
        Map.of(
                        "sun.net.httpserver.nodelay", "true", // otherwise answers over 8 KiB stall for 44 ms
                        "jdk.httpserver.maxConnections", "" + MAX_CONNECTIONS,
                        "sun.net.httpserver.maxIdleConnections", "" + MAX_CONNECTIONS * 3 / 4, // the rest is for others
                        "sun.net.httpserver.maxReqTime", "8", // seconds to send a request, otherwise for ever
                        "sun.net.httpserver.clockTick", "1000", // looks for silent connections once a second
                        "sun.net.httpserver.maxRspTime", "40", // to answer and to read it: more than a long poll
                        "sun.net.httpserver.maxReqHeaderSize", "8192",
                        "sun.net.httpserver.drainAmount", "0") // answer an over-long body at once
                .forEach((name, value) -> System.getProperties().putIfAbsent(name, value));
    }

    private static final byte[] NOTHING = {};
    private static final int BACKLOG = 1024;
    private static final int DRAIN_SECONDS = 1;

    private static final Headers SECURITY = Headers.of(
            "Content-Security-Policy",
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
                    + "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
            "X-Content-Type-Options",
            "nosniff",
            "Referrer-Policy",
            "same-origin",
            "Cache-Control",
            "no-store"); // unless the answer says otherwise

    /// Answers a request, or throws an [HttpError]. Anything else it throws is logged and becomes a 500.
    @FunctionalInterface
    public interface Handler {
        Response handle(Request request) throws Exception;
    }

    private final HttpServer server;
    private final Metrics metrics;
    private final Map<String, Map<String, Handler>> routes = new TreeMap<>();
    private volatile boolean stopping;

    /// A server on this port that is not started yet.
    ///
    /// @param dependencies each neighbour's name and, when asked, why it cannot be used, or null
    public WebServer(int port, Metrics metrics, Map<String, Supplier<String>> dependencies) {
        this.server = bind(port);
        this.metrics = metrics;
        get("/livez", _ -> Response.text(200, "live\n"));
        get("/readyz", _ -> readiness(dependencies));
        get("/metrics", _ -> Response.of(200, "text/plain; version=0.0.4; charset=utf-8", metrics.text()));
        resource("/style.css", "text/css; charset=utf-8", WebServer.class);
        resource("/icon.svg", "image/svg+xml", WebServer.class);
    }

    private static HttpServer bind(int port) {
        try {
            return HttpServer.create(new InetSocketAddress(port), BACKLOG);
        } catch (BindException e) {
            throw Env.refuse(new SettingException("PORT", "%d cannot be used: %s.".formatted(port, e.getMessage())));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Answers GET (and HEAD) of exactly this path.
    public WebServer get(String path, Handler handler) {
        return route("GET", path, handler);
    }

    /// Answers POST of exactly this path.
    public WebServer post(String path, Handler handler) {
        return route("POST", path, handler);
    }

    private WebServer route(String method, String path, Handler handler) {
        routes.computeIfAbsent(path, _ -> new TreeMap<>()).put(method, handler);
        return this;
    }

    /// Serves a file that lies beside `owner` on the class path.
    public WebServer resource(String path, String contentType, Class<?> owner) {
        byte[] body;
        try (InputStream file = owner.getResourceAsStream(path.substring(1))) {
            body = file.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Response file = Response.of(200, contentType, body).tagged();
        return get(path, _ -> file);
    }

    public void start() {
        server.createContext("/", this::serve);
        server.setExecutor(Thread::startVirtualThread);
        server.start();
    }

    /// The port it listens on, also when 0 was asked for.
    public int port() {
        return server.getAddress().getPort();
    }

    /// Says "not ready", takes no new connection, lets running requests end (a second at most), and stops.
    public void stop() {
        stopping = true;
        server.stop(DRAIN_SECONDS);
    }

    private Response readiness(Map<String, Supplier<String>> dependencies) {
        if (stopping) {
            return Response.text(503, "stopping\n");
        }
        var reasons = new StringBuilder();
        dependencies.forEach((name, check) -> {
            String reason = check.get();
            if (reason != null) {
                reasons.append(name).append(": not available, the log says why\n"); // here anybody may ask
            }
        });
        return reasons.isEmpty() ? Response.text(200, "ready\n") : Response.text(503, reasons.toString());
    }

    private void serve(HttpExchange exchange) {
        try (exchange) {
            var request = new Request(exchange);
            send(exchange, answer(exchange, request), request.hasUnreadBody());
        } catch (IOException _) {
            // the client is gone, or sent no proper request: there is nobody to tell
        }
    }

    private Response answer(HttpExchange exchange, Request request) throws IOException {
        try {
            Response response = handler(exchange).handle(request);
            return response.unlessAmong(request.header("If-None-Match"));
        } catch (HttpError e) {
            String accept = request.header("Accept");
            boolean asPage = accept != null && accept.contains("text/html");
            return e.response(asPage, exchange.getRequestURI().getRawPath());
        } catch (IOException e) {
            throw e;
        } catch (Exception e) {
            Log.error("A request to " + exchange.getHttpContext().getPath() + " failed", e);
            return new HttpError(500, "Something went wrong here. It has been logged.").response(false, "/");
        }
    }

    private Handler handler(HttpExchange exchange) {
        Map<String, Handler> methods = routes.get(exchange.getRequestURI().getRawPath());
        if (methods == null) {
            throw new HttpError(404, "There is no such page.");
        }
        String method = exchange.getRequestMethod();
        Handler handler = methods.get(method.equals("HEAD") ? "GET" : method);
        if (handler == null) {
            String allowed = String.join(", ", methods.keySet()).replace("GET", "GET, HEAD");
            throw new HttpError(405, "This page takes " + allowed + " only.", Map.of("Allow", allowed));
        }
        return handler;
    }

    private void send(HttpExchange exchange, Response response, boolean isLast) throws IOException {
        metrics.response(response.status());
        Headers headers = exchange.getResponseHeaders();
        // The JDK reads the chunk size 100000000 as 0: what follows must not be taken for the next request either.
        if (isLast || exchange.getRequestHeaders().containsKey("Transfer-Encoding")) {
            headers.set("Connection", "close");
        } else {
            // Sees that an empty body is at its end. Else the JDK closes the connection, for want of draining.
            exchange.getRequestBody().read(NOTHING);
        }
        headers.putAll(SECURITY);
        for (int i = 0; i < response.headers().size(); i += 2) {
            String name = response.headers().get(i);
            String value = response.headers().get(i + 1);
            if (name.equals("Set-Cookie")) {
                headers.add(name, value);
            } else {
                headers.set(name, value);
            }
        }
        boolean hasBody =
                response.body().length > 0 && !exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(response.status(), hasBody ? response.body().length : -1);
        if (hasBody) {
            exchange.getResponseBody().write(response.body());
        }
    }
}
