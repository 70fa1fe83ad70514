package result;

import common.Env;
import common.Log;
import common.Metrics;
import common.Request;
import common.Response;
import common.WebServer;
import java.util.Map;

/// The result page: shows the standing, live, to any number of people at the cost of one small query a change.
public final class ResultServer {
    /// How long a request for news is held: below the 30 to 60 seconds after which proxies and browsers give up.
    private static final int LONGEST_POLL_SECONDS = 25;

    private final LiveStanding standing;
    private final ResultPage page;

    private ResultServer(LiveStanding standing, ResultPage page) {
        this.standing = standing;
        this.page = page;
    }

    static void main() {
        long start = System.nanoTime();
        Settings settings = Env.settings(Settings::from);
        var metrics = new Metrics();
        var standing = new LiveStanding(settings.database(), settings.options(), metrics);
        var server = new WebServer(settings.port(), metrics, Map.of("postgresql", standing::unavailable));
        var result = new ResultServer(standing, new ResultPage(settings.options()));
        server.get("/", _ -> result.page())
                .get("/results", result::results)
                .get("/results.csv", _ -> result.csv())
                .get("/pace", _ -> result.pace())
                .resource("/result.css", "text/css; charset=utf-8", ResultServer.class)
                .resource("/result.js", "text/javascript; charset=utf-8", ResultServer.class);
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            standing.stop();
                            server.stop();
                        },
                        "stop"));
        server.start();
        Log.info("Ready on port %d after %d ms", server.port(), (System.nanoTime() - start) / 1_000_000);
    }

    private Response page() {
        return Response.html(200, page.html(standing.current().standing())).tagged();
    }

    /// The standing as JSON; with `?after=VERSION` as soon as it is another one.
    private Response results(Request request) throws InterruptedException {
        String version = request.query("after");
        Edition edition = version == null ? standing.current() : standing.after(version, LONGEST_POLL_SECONDS);
        return edition.json();
    }

    private Response csv() {
        String csv = standing.current().standing().toCsv();
        return Response.of(200, "text/csv; charset=utf-8; header=present", csv).tagged();
    }

    private Response pace() {
        return Response.json(200, standing.pace().toString()).with("Cache-Control", "no-store");
    }
}
