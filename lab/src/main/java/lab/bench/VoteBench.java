package lab.bench;

import java.util.List;
import lab.load.Bed.Peer;
import lab.load.Fork;
import lab.load.Load;
import lab.load.LoadResult;
import lab.report.Measure;
import lab.stack.Service;
import lab.stack.Stack;

/// The voting page at its limit and at a steady rate, beside an empty handler and beside one `RPUSH` a request.
/// The worker does not run: this is about the page and Redis.
final class VoteBench extends Suite {
    private static final List<Integer> CROWDS = List.of(64, 512);
    private static final int STEADY_RATE = 5000;
    private static final String PEER = "peer: one RPUSH a request";
    private static final String EVERYSEC = ", everysec";
    private static final String ALWAYS = ", always";

    @Override
    void run() throws Exception {
        bed.stack.redis.start();
        Service page = bed.start("vote");
        String body = page.vote("a").body();
        Peer ours = Peer.of(page);
        Peer empty = bed.peer("vote", new EmptyHandler(body));
        Peer peer = bed.peer("vote", new PooledVote(Stack.freePort(), bed.stack.redis.port(), "votes", body));
        for (Peer each : List.of(ours, empty, peer)) {
            bed.emptyRedis("everysec");
            warm(each, "votes");
        }
        Variant everysec = variant(OURS + EVERYSEC, ours, "everysec");
        interleave(
                "votes",
                List.of(
                        everysec,
                        everysec.again(),
                        variant(OURS + ALWAYS, ours, "always"),
                        variant(EMPTY, empty, "everysec"),
                        variant(PEER + EVERYSEC, peer, "everysec"),
                        variant(PEER + ALWAYS, peer, "always")));
        for (int connections : CROWDS) {
            Measure rate = rate(connections);
            atLeast(0.8, rate, OURS + EVERYSEC, EMPTY);
            atLeast(0.45, rate, OURS + ALWAYS, EMPTY);
            atLeast(3, rate, OURS + EVERYSEC, PEER + EVERYSEC);
            atLeast(3, rate, OURS + ALWAYS, PEER + ALWAYS);
        }
    }

    private Measure rate(int connections) {
        return measure("acknowledged votes, " + connections + " connections", "votes/s");
    }

    /// @param appendfsync when Redis writes to disk what it was given
    private Variant variant(String name, Peer server, String appendfsync) {
        return new Variant(name, each -> {
            for (int connections : CROWDS) {
                bed.emptyRedis(appendfsync);
                Measure cpu = measure("processor time of the page a vote, " + connections + " connections", "µs");
                saturate(each, server, "votes", connections, rate(connections), cpu);
            }
            bed.emptyRedis(appendfsync);
            var load = new Load(server.port(), "votes", CONNECTIONS, STEADY_RATE, pace.warmup(), pace.seconds());
            LoadResult result = Fork.result(load);
            String what = "latency at %,d votes/s".formatted(STEADY_RATE);
            noteFailed(what, each, result.errors() + result.unanswered());
            return percentiles(what, each, result.latencies(), 50, 99, 99.9);
        });
    }
}
