package vote;

import common.Env;
import common.HttpError;
import common.Metrics;
import common.Options;
import common.Options.Option;
import common.Redis;
import common.Request;
import common.Response;
import common.Vote;
import common.WebServer;
import java.io.IOException;
import java.util.List;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisException;

/// The voting page, with an appender for each list of votes. A vote is answered with 200 only after Redis has it.
record VoteServer(Options options, Redis redis, List<Appender> appenders, BallotPage page) {
    private static final String REFUSED =
            "Votes cannot be taken right now, and yours may not have been counted. Please vote again in a moment.";

    static void main() {
        Env.run(VoteServer::start);
    }

    private static void start(Env env) throws IOException {
        var redis = Redis.from(env);
        var options = Options.from(env);
        String resultPage = env.page("RESULT_URL");
        String votePage = env.page("VOTE_URL");
        int port = env.port("PORT", 80);
        var metrics = new Metrics();
        var appenders = redis.lists().stream()
                .map(list -> new Appender(redis, list, metrics))
                .toList();
        var server = new VoteServer(options, redis, appenders, new BallotPage(options, env.has("RESULT_URL")));
        new WebServer(port, metrics, appenders.stream().map(each -> each.outage).toList())
                .on("GET /", server::ballot)
                .on("POST /", server::cast)
                .on("GET /result", request -> Response.text(303, "").with("Location", request.addressOf(resultPage)))
                .on("GET /hits", _ -> hits(redis))
                .resource("/ballot.css", "text/css; charset=utf-8", VoteServer.class)
                .start(votePage);
    }

    /// Names the voter already: whoever clicks twice before the first answer is one voter.
    private Response ballot(Request request) {
        String id = Voter.id(request);
        String choice = Voter.choice(request, options, appender(id).poll);
        return page.show(choice).with("Set-Cookie", Voter.cookie("voter_id", id));
    }

    private Response cast(Request request) {
        refuseCrossSite(request);
        Option option = options.find(request.form("vote"));
        if (option == null) {
            throw new HttpError(400, "There is no such option.");
        }
        String id = Voter.id(request);
        String cookie = Voter.cookie("voter_id", id);
        var appender = appender(id);
        String choice = Voter.encode(option, options.question(), appender.poll); // before a reset may forget the vote
        if (!appender.append(new Vote(id, option.key()))) {
            String noChoice = Voter.cookie("vote", ""); // it may count, and an earlier one may count no more
            throw new HttpError(503, REFUSED, "Retry-After", "2", "Set-Cookie", cookie, "Set-Cookie", noChoice);
        }
        return page.show(option.key()).with("Set-Cookie", cookie, Voter.cookie("vote", choice));
    }

    private Appender appender(String voterId) {
        return appenders.get(redis.partitionOf(voterId));
    }

    /// Another site's page must not vote in its visitors' names. Browsers say where a form is from, others nothing.
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

    /// Each visit has a connection of its own, so that votes need not wait for visits.
    private static Response hits(Redis redis) {
        try (Jedis connection = redis.connect("hits")) {
            return Response.text(
                    200, "Hello from Redis! I have been seen %d times.\n".formatted(connection.incr("hits")));
        } catch (JedisException _) {
            throw new HttpError(503, "Visits cannot be counted right now.", "Retry-After", "2");
        }
    }
}
