package lab.bench;

import java.nio.charset.StandardCharsets;
import java.util.List;
import lab.bench.Bench.Pace;
import lab.load.Bed;
import lab.load.Bed.Peer;
import lab.load.Fork;
import lab.load.Load;
import lab.load.LoadResult;
import lab.report.Measure;
import lab.report.Report;
import lab.stack.Service;
import lab.stack.Stack;

/// The voting page at its limit and at a steady rate, beside an empty handler and beside one `RPUSH` a request.
/// The worker does not run: this is about the page and Redis.
final class VoteBench extends Suite {
    private static final int STEADY_RATE = 5000;
    private static final String PEER = "peer: one RPUSH a request";
    private static final String EVERYSEC = ", everysec";
    private static final String ALWAYS = ", always";

    private Peer ours;
    private Peer empty;
    private Peer peer;

    VoteBench(Pace pace, Report report, Bed bed) {
        super("vote", pace, report, bed);
    }

    @Override
    void run() throws Exception {
        bed.stack.redis.start();
        Service page = bed.start("vote");
        int size = page.vote("a").body().getBytes(StandardCharsets.UTF_8).length;
        ours = Peer.of(page);
        empty = bed.peer("vote", new EmptyHandler(size));
        peer = bed.peer("vote", new PooledVote(Stack.freePort(), bed.stack.redis.port(), "votes", size));
        for (Peer each : List.of(ours, empty, peer)) {
            bed.emptyRedis("everysec");
            warm(each, "votes");
        }
        for (int connections : new int[] {64, 512}) {
            limit(connections);
        }
        interleave(STEADY_RATE + "/s", variants(this::steady));
    }

    private interface Measurement {
        String of(String name, Peer server) throws Exception;
    }

    private List<Variant> variants(Measurement measurement) {
        var everysec = variant(OURS + EVERYSEC, ours, "everysec", measurement);
        return List.of(
                everysec,
                everysec.again(),
                variant(OURS + ALWAYS, ours, "always", measurement),
                variant(EMPTY, empty, "everysec", measurement),
                variant(PEER + EVERYSEC, peer, "everysec", measurement),
                variant(PEER + ALWAYS, peer, "always", measurement));
    }

    /// @param appendfsync when Redis writes to disk what it was given
    private Variant variant(String name, Peer server, String appendfsync, Measurement measurement) {
        return new Variant(name, each -> {
            bed.emptyRedis(appendfsync);
            return measurement.of(each, server);
        });
    }

    private void limit(int connections) throws Exception {
        String at = ", " + connections + " connections";
        Measure rate = measure("acknowledged votes" + at, "votes/s");
        Measure cpu = measure("processor time of the page a vote" + at, "µs");
        interleave(
                connections + " connections",
                variants((name, server) -> saturate(name, server, "votes", connections, rate, cpu)));
        atLeast(0.8, rate, OURS + EVERYSEC, EMPTY);
        atLeast(0.45, rate, OURS + ALWAYS, EMPTY);
        atLeast(3, rate, OURS + EVERYSEC, PEER + EVERYSEC);
        atLeast(3, rate, OURS + ALWAYS, PEER + ALWAYS);
    }

    private String steady(String name, Peer server) throws Exception {
        LoadResult result =
                Fork.result(new Load(server.port(), "votes", CONNECTIONS, STEADY_RATE, pace.warmup(), pace.seconds()));
        return percentiles("latency at %,d votes/s".formatted(STEADY_RATE), name, result.latencies(), 50, 99, 99.9);
    }
}
