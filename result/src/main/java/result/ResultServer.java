package result;

import common.Database;
import common.Env;
import common.Metrics;
import common.Options;
import common.Outage;
import common.Response;
import common.WebServer;
import java.io.IOException;
import java.util.List;

/// The result page: shows the standing, live, to any number of people at the cost of one small query a change.
public final class ResultServer {
    static void main() {
        Env.run(ResultServer::start);
    }

    private static void start(Env env) throws IOException {
        var options = Options.from(env);
        var database = Database.from(env);
        String votePage = env.page("VOTE_URL");
        String resultPage = env.page("RESULT_URL");
        int port = env.port("PORT", 80);
        var metrics = new Metrics();
        var standing = new LiveStanding(Standing.unknown(options), metrics);
        var outage = new Outage("PostgreSQL");
        new TallyReader(database, options, standing, metrics, outage).start();
        var page = new ResultPage(options);
        new WebServer(port, metrics, List.of(outage))
                .on("GET /", request -> Response.html(200, page.html(standing.now(), request.addressOf(votePage))))
                .on("GET /results", request -> standing.after(request.query("after")))
                .resource("/result.css", "text/css; charset=utf-8", ResultServer.class)
                .resource("/result.js", "text/javascript; charset=utf-8", ResultServer.class)
                .start(resultPage);
        Runtime.getRuntime().addShutdownHook(new Thread(standing::stop, "release"));
    }
}
