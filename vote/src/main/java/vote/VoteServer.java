package vote;

import common.Env;
import common.HttpError;
import common.Log;
import common.Metrics;
import common.Options;
import common.Request;
import common.Response;
import common.Vote;
import common.WebServer;
import java.util.Map;

/// The voting page. A vote is answered with 200 only after Redis has it: see [VoteQueue].
public final class VoteServer {
    private final Options options;
    private final VoteQueue queue;
    private final Voter voter;
    private final BallotPage page;

    private VoteServer(Options options, VoteQueue queue, Voter voter) {
        this.options = options;
        this.queue = queue;
        this.voter = voter;
        this.page = new BallotPage(options);
    }

    static void main() {
        long start = System.nanoTime();
        Settings settings = Env.settings(Settings::from);
        var metrics = new Metrics();
        var queue = new VoteQueue(settings.redis(), metrics);
        var visits = new Visits(settings.redis());
        var limit = settings.newVotersPerMinute() == 0
                ? null
                : new NewVoters(settings.redis().pool(), settings.newVotersPerMinute());
        var server = new WebServer(settings.port(), metrics, Map.of("redis", queue::unavailable));
        var vote = new VoteServer(settings.options(), queue, new Voter(limit, settings.proxies()));
        server.get("/", vote::ballot)
                .post("/", vote::cast)
                .get("/hits", _ -> visits.count())
                .resource("/ballot.css", "text/css; charset=utf-8", VoteServer.class);
        Runtime.getRuntime().addShutdownHook(new Thread(server::stop, "stop"));
        server.start();
        Log.info("Ready on port %d after %d ms", server.port(), (System.nanoTime() - start) / 1_000_000);
    }

    private Response ballot(Request request) {
        return page.show(Voter.choice(request, options));
    }

    private Response cast(Request request) throws Exception {
        refuseCrossSite(request);
        String option = request.form("vote");
        if (!options.has(option)) {
            throw new HttpError(400, "There is no such option.");
        }
        String voterId = voter.id(request);
        long waiting = queue.append(new Vote(voterId, option).toMessage());
        return voter.remember(page.show(option, waiting), voterId, option);
    }

    /// Another site's page must not vote in its visitors' names. Browsers say where a form comes from; other clients
    /// say nothing.
    private static void refuseCrossSite(Request request) {
        String site = request.header("Sec-Fetch-Site");
        String origin = request.header("Origin");
        boolean sameOrigin = site != null
                ? site.equals("same-origin") || site.equals("none")
                : origin == null || origin.replaceFirst("^https?://", "").equals(request.header("Host"));
        if (!sameOrigin) {
            throw new HttpError(403, "A vote must come from this site's own page.");
        }
    }
}
