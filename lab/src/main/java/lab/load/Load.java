package lab.load;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/// What to ask of a server: which requests, over how many connections, how fast and how long.
///
/// @param request `GET /path`, or `votes`: of voters none of whom votes twice. Every second voter is on the first
///     visit, the others' browsers have the page's cookies
/// @param rate requests a second, sent on schedule whatever the server does; or 0: each connection sends again as
///     soon as it has its answer, as fast as the server allows
/// @param warmupSeconds at the same load beforehand, not counted
public record Load(int port, String request, int connections, int rate, double warmupSeconds, double seconds)
        implements Fork.Work<LoadResult> {
    private static final double WARM_UP_SECONDS = 0.5;

    @Override
    public LoadResult work() throws Exception {
        warmUp();
        return run();
    }

    public LoadResult run() throws Exception {
        return new Generator(this).run();
    }

    /// Does the same to a server of its own: the first requests of a fresh JVM take it tens of milliseconds, which
    /// would be taken for those of the server under test.
    public void warmUp() throws Exception {
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            try (exchange) {
                exchange.sendResponseHeaders(200, -1);
            }
        });
        server.start();
        new Load(server.getAddress().getPort(), request, 4, rate, 0, WARM_UP_SECONDS).run();
        server.stop(0);
    }

    /// One request after another.
    Supplier<byte[]> requests() {
        if (!request.equals("votes")) {
            byte[] same = request(request, "", "");
            return () -> same;
        }
        var voters = new AtomicLong(System.nanoTime());
        return () -> {
            long voter = voters.incrementAndGet();
            String digits = HexFormat.of().toHexDigits(voter).repeat(2);
            return voter % 2 == 0 ? vote("", "a") : vote("Cookie: voter_id=" + digits + "; vote=b\r\n", "b");
        };
    }

    /// A vote as the page's form sends it.
    ///
    /// @param cookies a header, or nothing: the first visit
    static byte[] vote(String cookies, String option) {
        String form = "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 6\r\n";
        return request("POST /", cookies + form, "vote=" + option);
    }

    static byte[] request(String what, String headers, String body) {
        String all = " HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/html\r\nUser-Agent: lab\r\n" + headers + "\r\n";
        return (what + all + body).getBytes(StandardCharsets.US_ASCII);
    }
}
