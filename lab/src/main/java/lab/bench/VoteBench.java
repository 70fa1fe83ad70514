package lab.bench;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import lab.bench.Bed.Peer;
import lab.bench.Bench.Variant;
import lab.load.Generator;
import lab.load.Load;
import lab.load.LoadResult;
import lab.load.Usage;
import lab.report.Measure;
import lab.report.Numbers;
import lab.report.Report;

/// The voting page at its limit and at a steady rate, beside an empty handler and beside one `RPUSH` a request.
/// The worker does not run: this is about the page and Redis.
final class VoteBench {
    private static final int STEADY_RATE = 5000;

    private final Bench bench;
    private final Report report;

    VoteBench(Bench bench) {
        this.bench = bench;
        this.report = bench.report();
    }

    void run() throws Exception {
        try (var bed = new Bed()) {
            bed.stack().redis().start();
            Peer ours = Peer.of(bed.start("vote", Bed.FLAGS));
            int size = sizeOfAnswer(ours.port());
            Peer empty = bed.peer(EmptyHandler.class, size);
            Peer peer = bed.peer(PooledVote.class, bed.stack().redis().port(), size);
            for (Peer each : List.of(ours, empty, peer)) {
                bed.emptyRedis("everysec");
                Generator.fork(new Load(
                        each.port(), "votes", 64, 0, 0, 2 * bench.pace().seconds())); // warm
            }
            for (int connections : new int[] {64, 512}) {
                bench.interleave(
                        "vote, " + connections + " connections", saturate(bed, connections, ours, empty, peer));
                saturationGoals(connections);
            }
            bench.interleave("vote, " + STEADY_RATE + "/s", steady(bed, ours, empty, peer));
        }
    }

    private static int sizeOfAnswer(int port) throws Exception {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString("vote=a"));
        try (var client = HttpClient.newHttpClient()) {
            return client.send(request.build(), BodyHandlers.ofByteArray()).body().length;
        }
    }

    private List<Variant> saturate(Bed bed, int connections, Peer ours, Peer empty, Peer peer) {
        return List.of(
                saturate(bed, connections, "ours, everysec", ours, "everysec"),
                saturate(bed, connections, "ours, everysec, again (A/A)", ours, "everysec"),
                saturate(bed, connections, "ours, always", ours, "always"),
                saturate(bed, connections, "ceiling: empty handler", empty, "everysec"),
                saturate(bed, connections, "peer: one RPUSH a request, everysec", peer, "everysec"),
                saturate(bed, connections, "peer: one RPUSH a request, always", peer, "always"));
    }

    private Variant saturate(Bed bed, int connections, String name, Peer server, String appendfsync) {
        return new Variant(name, () -> {
            bed.emptyRedis(appendfsync);
            var pace = bench.pace();
            double before = Usage.of(server.process()).cpuSeconds();
            LoadResult result =
                    Generator.fork(new Load(server.port(), "votes", connections, 0, pace.warmup(), pace.seconds()));
            double cpu = Usage.of(server.process()).cpuSeconds() - before;
            rate(connections).add(name, result.rate());
            double all = result.answered() * (pace.warmup() + pace.seconds()) / pace.seconds();
            report.measure("vote", "processor time of the page a vote, " + connections + " connections", "µs")
                    .add(name, cpu / all * 1e6);
            report.measure("vote", "errors, " + connections + " connections", "requests")
                    .add(name, result.errors() + result.unanswered());
            return Numbers.format(result.rate()) + "/s, " + result.errors() + " errors";
        });
    }

    private Measure rate(int connections) {
        return report.measure("vote", "acknowledged votes, " + connections + " connections", "votes/s");
    }

    private void saturationGoals(int connections) {
        Measure rate = rate(connections);
        String at = ", " + connections + " connections";
        String empty = "ceiling: empty handler";
        report.atLeast(0.8, "vote, everysec / empty handler" + at, rate.ratio("ours, everysec", empty));
        report.atLeast(0.45, "vote, always / empty handler" + at, rate.ratio("ours, always", empty));
        report.atLeast(
                3,
                "vote / one RPUSH a request, everysec" + at,
                rate.ratio("ours, everysec", "peer: one RPUSH a request, everysec"));
        report.atLeast(
                3,
                "vote / one RPUSH a request, always" + at,
                rate.ratio("ours, always", "peer: one RPUSH a request, always"));
    }

    private List<Variant> steady(Bed bed, Peer ours, Peer empty, Peer peer) {
        List<Variant> variants = new ArrayList<>();
        variants.add(steady(bed, "ours, everysec", ours, "everysec"));
        variants.add(steady(bed, "ours, everysec, again (A/A)", ours, "everysec"));
        variants.add(steady(bed, "ours, always", ours, "always"));
        variants.add(steady(bed, "ceiling: empty handler", empty, "everysec"));
        variants.add(steady(bed, "peer: one RPUSH a request, everysec", peer, "everysec"));
        variants.add(steady(bed, "peer: one RPUSH a request, always", peer, "always"));
        return variants;
    }

    private Variant steady(Bed bed, String name, Peer server, String appendfsync) {
        return new Variant(name, () -> {
            bed.emptyRedis(appendfsync);
            var pace = bench.pace();
            LoadResult result =
                    Generator.fork(new Load(server.port(), "votes", 64, STEADY_RATE, pace.warmup(), pace.seconds()));
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
        });
    }
}
