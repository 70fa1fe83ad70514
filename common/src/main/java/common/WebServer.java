package common;

import com.sun.management.UnixOperatingSystemMXBean;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/// The JDK's HTTP server with what it leaves to its user: limits, an exact path and method for each handler (see
/// [Router]), and the three addresses every service has: `/livez`, `/readyz` and `/metrics`.
public final class WebServer {
    /// How many connections there may be: one more is closed at once, and may try again. A connection with a request
    /// holds 34 KB, at worst 83, and a descriptor; out of either, nobody would be served any more.
    public static final long MAX_CONNECTIONS = Math.min(Runtime.getRuntime().maxMemory() / 98_304, descriptors());

    static {
        // Read once, when the server's classes load; whoever sets one on the command line wins.
        Map.of(
                        "sun.net.httpserver.nodelay", "true", // otherwise answers over 8 KiB stall for 44 ms
                        "jdk.httpserver.maxConnections", "" + MAX_CONNECTIONS,
                        "sun.net.httpserver.maxIdleConnections", "" + MAX_CONNECTIONS * 7 / 8, // the rest is for others
                        "sun.net.httpserver.maxReqTime", "7", // seconds to send a request, otherwise for ever
                        "sun.net.httpserver.clockTick", "1000", // looks for silent connections once a second
                        "sun.net.httpserver.maxRspTime", "40", // to answer and to read it: more than a long poll
                        "sun.net.httpserver.maxReqHeaderSize", "8192",
                        "sun.net.httpserver.drainAmount", "0") // answer an over-long body at once
                .forEach((name, value) -> System.getProperties().putIfAbsent(name, value));
    }

    private static final int OTHER_DESCRIPTORS = 100; // jars, the log, the neighbours
    private static final int BACKLOG = 1024;
    private static final int DRAIN_SECONDS = 1;

    /// Answers a request, or throws an [HttpError]. Anything else it throws is logged and becomes a 500.
    public interface Handler {
        Response handle(Request request) throws Exception;
    }

    private final HttpServer server;
    private final Map<String, Handler> routes = new HashMap<>(); // by method and path

    /// A server on this port that is not started yet. It is ready when none of its neighbours is missing.
    ///
    /// @throws SettingException if somebody else has the port
    public WebServer(int port, Metrics metrics, List<Outage> neighbours) throws IOException {
        try {
            server = HttpServer.create(new InetSocketAddress(port), BACKLOG);
        } catch (BindException e) {
            throw new SettingException("PORT", port + " cannot be used: " + e.getMessage() + ".");
        }
        server.createContext("/", new Router(routes, metrics));
        on("GET /livez", _ -> Response.text(200, "live\n"));
        on("GET /readyz", _ -> readiness(neighbours));
        on("GET /metrics", _ -> Response.of(200, "text/plain; version=0.0.4", metrics.text()));
        resource("/style.css", "text/css; charset=utf-8", WebServer.class);
        resource("/icon.svg", "image/svg+xml", WebServer.class);
    }

    private static long descriptors() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                ? Math.max(1, unix.getMaxFileDescriptorCount() - OTHER_DESCRIPTORS)
                : Long.MAX_VALUE;
    }

    /// Answers requests of exactly this method and path, as in `GET /`; HEAD is answered like GET.
    public WebServer on(String route, Handler handler) {
        routes.put(route, handler);
        return this;
    }

    /// Serves a file that lies beside `owner` on the class path; browsers may keep it for a minute.
    public WebServer resource(String path, String contentType, Class<?> owner) {
        String body = Resource.text(owner, path.substring(1));
        Response response = Response.of(200, contentType, body).with("Cache-Control", "max-age=60");
        return on("GET " + path, _ -> response);
    }

    /// Answers from now on, until the process is told to end, and says where.
    ///
    /// @param page where people reach it, as [Env#page] says; `.` if it is for no people
    public void start(String page) {
        // The JDK's own formatter of dates is made at the first answer, and if no file can be opened then, never.
        DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss zzz", Locale.US)
                .format(ZonedDateTime.now(ZoneId.of("GMT")));
        server.setExecutor(Thread::startVirtualThread);
        server.start();
        Runtime.getRuntime().addShutdownHook(new Thread(this::stop, "stop"));
        String where = page.equals(".") ? "on port " + port() : "at " + page.replace("//{host}", "http://localhost");
        long millis = ManagementFactory.getRuntimeMXBean().getUptime();
        Log.info("Ready %s after %d ms", where, millis);
    }

    /// The port it listens on, also when 0 was asked for.
    public int port() {
        return server.getAddress().getPort();
    }

    /// Takes no new connection, lets running requests end (a second at most), and stops.
    public void stop() {
        server.stop(DRAIN_SECONDS);
    }

    private Response readiness(List<Outage> neighbours) {
        String missing = neighbours.stream()
                .filter(neighbour -> neighbour.cause() != null)
                .map(neighbour -> neighbour.name() + ": not available, the log says why\n") // here anybody may ask
                .collect(Collectors.joining());
        return missing.isEmpty() ? Response.text(200, "ready\n") : Response.text(503, missing);
    }
}
