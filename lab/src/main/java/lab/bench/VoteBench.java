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
    private static final String OURS = "ours, everysec";
    private static final String OURS_ALWAYS = "ours, always";
    private static final String EMPTY = "ceiling: empty handler";
    private static final String PEER = "peer: one RPUSH a request, everysec";
    private static final String PEER_ALWAYS = "peer: one RPUSH a request, always";

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
        empty = bed.peer(new EmptyHandler(size));
        peer = bed.peer(new PooledVote(Stack.freePort(), bed.stack.redis.port(), "votes", size));
        for (Peer each : List.of(ours, empty, peer)) {
            bed.emptyRedis("everysec");
            warm(each, "votes");
        }
        for (int connections : new int[] {64, 512}) {
            interleave(connections + " connections", variants((name, server) -> limit(name, server, connections)));
            goals(connections);
        }
        interleave(STEADY_RATE + "/s", variants(this::steady));
    }

    private interface Measurement {
        String of(String name, Peer server) throws Exception;
    }

    private List<Variant> variants(Measurement measurement) {
        var everysec = variant(OURS, ours, "everysec", measurement);
        return List.of(
                everysec,
                everysec.again(),
                variant(OURS_ALWAYS, ours, "always", measurement),
                variant(EMPTY, empty, "everysec", measurement),
                variant(PEER, peer, "everysec", measurement),
                variant(PEER_ALWAYS, peer, "always", measurement));
    }

    /// @param appendfsync when Redis writes to disk what it was given
    private Variant variant(String name, Peer server, String appendfsync, Measurement measurement) {
        return new Variant(name, each -> {
            bed.emptyRedis(appendfsync);
            return measurement.of(each, server);
        });
    }

    private Measure rate(int connections) {
        return measure("acknowledged votes, " + connections + " connections", "votes/s");
    }

    private String limit(String name, Peer server, int connections) throws Exception {
        String at = ", " + connections + " connections";
        Measure cpu = measure("processor time of the page a vote" + at, "µs");
        LoadResult result = saturate(name, server, "votes", connections, rate(connections), cpu);
        String errors = measure("errors" + at, "requests").add(name, result.errors() + result.unanswered());
        return "%,.0f votes/s, errors: %s".formatted(result.rate(), errors);
    }

    private void goals(int connections) {
        Measure rate = rate(connections);
        String at = ", " + connections + " connections";
        report.atLeast(0.8, "vote, everysec / empty handler" + at, rate.ratio(OURS, EMPTY));
        report.atLeast(0.45, "vote, always / empty handler" + at, rate.ratio(OURS_ALWAYS, EMPTY));
        report.atLeast(3, "vote / one RPUSH a request, everysec" + at, rate.ratio(OURS, PEER));
        report.atLeast(3, "vote / one RPUSH a request, always" + at, rate.ratio(OURS_ALWAYS, PEER_ALWAYS));
    }

    private String steady(String name, Peer server) throws Exception {
        String at = "at %,d votes/s".formatted(STEADY_RATE);
        LoadResult result =
                Fork.result(new Load(server.port(), "votes", CONNECTIONS, STEADY_RATE, pace.warmup(), pace.seconds()));
        String shown = percentiles("latency " + at, name, result.latencies(), 50, 99, 99.9);
        measure("processor time of the load generator " + at, "%")
                .add(name, 100 * result.generatorCpuSeconds() / pace.seconds());
        report.latencies("vote: %,d votes/s".formatted(STEADY_RATE), name, result.latencies());
        return shown;
    }
}
