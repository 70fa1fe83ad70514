package lab.bench;

import java.nio.charset.StandardCharsets;
import java.util.List;
import lab.bench.Bench.Variant;
import lab.load.Bed;
import lab.load.Bed.Peer;
import lab.load.Fork;
import lab.load.Load;
import lab.load.LoadResult;
import lab.report.Measure;
import lab.report.Numbers;
import lab.report.Report;
import lab.stack.Service;
import lab.stack.Stack;

/// The voting page at its limit and at a steady rate, beside an empty handler and beside one `RPUSH` a request.
/// The worker does not run: this is about the page and Redis.
final class VoteBench {
    private static final int STEADY_RATE = 5000;
    private static final String OURS = "ours, everysec";
    private static final String OURS_ALWAYS = "ours, always";
    private static final String EMPTY = "ceiling: empty handler";
    private static final String PEER = "peer: one RPUSH a request, everysec";
    private static final String PEER_ALWAYS = "peer: one RPUSH a request, always";

    private final Bench bench;
    private final Report report;

    VoteBench(Bench bench) {
        this.bench = bench;
        this.report = bench.report;
    }

    /// @param appendfsync when Redis writes to disk what it was given
    private record Contender(String name, Peer server, String appendfsync) {}

    void run() throws Exception {
        try (var bed = new Bed(Bench.FOLDER, _ -> {})) {
            bed.stack.redis.start();
            Service page = bed.start("vote");
            int size = page.vote("a").body().getBytes(StandardCharsets.UTF_8).length;
            Peer ours = Peer.of(page);
            Peer empty = bed.peer(new EmptyHandler(size));
            Peer peer = bed.peer(new PooledVote(Stack.freePort(), bed.stack.redis.port(), size));
            for (Peer each : List.of(ours, empty, peer)) {
                bed.emptyRedis("everysec");
                bench.warm(each, "votes");
            }
            List<Contender> all = List.of(
                    new Contender(OURS, ours, "everysec"),
                    new Contender(OURS + ", again (A/A)", ours, "everysec"),
                    new Contender(OURS_ALWAYS, ours, "always"),
                    new Contender(EMPTY, empty, "everysec"),
                    new Contender(PEER, peer, "everysec"),
                    new Contender(PEER_ALWAYS, peer, "always"));
            for (int connections : new int[] {64, 512}) {
                interleave(bed, connections + " connections", all, each -> saturate(each, connections));
                saturationGoals(connections);
            }
            interleave(bed, STEADY_RATE + "/s", all, this::steady);
        }
    }

    private interface Measurement {
        String of(Contender contender) throws Exception;
    }

    private void interleave(Bed bed, String what, List<Contender> all, Measurement measurement) throws Exception {
        bench.interleave(
                "vote, " + what,
                all.stream()
                        .map(each -> new Variant(each.name(), () -> {
                            bed.emptyRedis(each.appendfsync());
                            return measurement.of(each);
                        }))
                        .toList());
    }

    private String saturate(Contender contender, int connections) throws Exception {
        Measure cpu =
                report.measure("vote", "processor time of the page a vote, " + connections + " connections", "µs");
        LoadResult result =
                bench.saturate(contender.name(), contender.server(), "votes", connections, rate(connections), cpu);
        report.measure("vote", "errors, " + connections + " connections", "requests")
                .add(contender.name(), result.errors() + result.unanswered());
        return Numbers.format(result.rate()) + "/s, " + result.errors() + " errors";
    }

    private Measure rate(int connections) {
        return report.measure("vote", "acknowledged votes, " + connections + " connections", "votes/s");
    }

    private void saturationGoals(int connections) {
        Measure rate = rate(connections);
        String at = ", " + connections + " connections";
        report.atLeast(0.8, "vote, everysec / empty handler" + at, rate.ratio(OURS, EMPTY));
        report.atLeast(0.45, "vote, always / empty handler" + at, rate.ratio(OURS_ALWAYS, EMPTY));
        report.atLeast(3, "vote / one RPUSH a request, everysec" + at, rate.ratio(OURS, PEER));
        report.atLeast(3, "vote / one RPUSH a request, always" + at, rate.ratio(OURS_ALWAYS, PEER_ALWAYS));
    }

    private String steady(Contender contender) throws Exception {
        var pace = bench.pace;
        String name = contender.name();
        LoadResult result = Fork.result(
                new Load(contender.server().port(), "votes", 64, STEADY_RATE, pace.warmup(), pace.seconds()));
        for (double percentile : new double[] {50, 99, 99.9}) {
            report.measure("vote", "latency at %,d votes/s, percentile %s".formatted(STEADY_RATE, percentile), "ms")
                    .add(name, result.percentileMillis(percentile));
        }
        report.measure("vote", "processor time of the load generator at %,d votes/s".formatted(STEADY_RATE), "%")
                .add(name, 100 * result.generatorCpuSeconds() / pace.seconds());
        report.latencies("vote: %,d votes/s".formatted(STEADY_RATE), name, result.latencies());
        return "%s / %s / %s ms"
                .formatted(
                        Numbers.format(result.percentileMillis(50)),
                        Numbers.format(result.percentileMillis(99)),
                        Numbers.format(result.percentileMillis(99.9)));
    }
}
