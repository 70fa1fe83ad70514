package common;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.function.Supplier;

/// The JDK's HTTP server with what it leaves to its user: limits, an exact path and method for each handler (see
/// [Router]), and the three addresses every service has: `/livez`, `/readyz` and `/metrics`.
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
                        "sun.net.httpserver.maxReqTime", "7", // seconds to send a request, otherwise for ever
                        "sun.net.httpserver.clockTick", "1000", // looks for silent connections once a second
                        "sun.net.httpserver.maxRspTime", "40", // to answer and to read it: more than a long poll
                        "sun.net.httpserver.maxReqHeaderSize", "8192",
                        "sun.net.httpserver.drainAmount", "0") // answer an over-long body at once
                .forEach((name, value) -> System.getProperties().putIfAbsent(name, value));
    }

    private static final int BACKLOG = 1024;
    private static final int DRAIN_SECONDS = 1;

    /// Answers a request, or throws an [HttpError]. Anything else it throws is logged and becomes a 500.
    @FunctionalInterface
    public interface Handler {
        Response handle(Request request) throws Exception;
    }

    private final HttpServer server;
    private final Router router;
    private volatile boolean stopping;

    /// A server on this port that is not started yet.
    ///
    /// @param dependencies each neighbour's name and, when asked, why it cannot be used, or null
    public WebServer(int port, Metrics metrics, Map<String, Supplier<String>> dependencies) {
        this.server = bind(port);
        this.router = new Router(metrics);
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
        router.add("GET", path, handler);
        return this;
    }

    /// Answers POST of exactly this path.
    public WebServer post(String path, Handler handler) {
        router.add("POST", path, handler);
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
        server.createContext("/", router);
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
}
