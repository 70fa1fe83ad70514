package lab.bench;

import static java.util.Map.entry;

import java.io.Serializable;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import java.util.TreeMap;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import lab.bench.Bench.Pace;
import lab.load.Bed;
import lab.load.Bed.Peer;
import lab.load.Fork;
import lab.load.Load;
import lab.load.LoadResult;
import lab.load.Usage;
import lab.load.Viewers.Seen;
import lab.load.Viewers.Watch;
import lab.report.Measure;
import lab.report.Report;
import lab.stack.Server;
import lab.stack.Service;
import lab.stack.Stack;
import org.HdrHistogram.Histogram;
import org.json.JSONObject;
import org.json.JSONTokener;

/// All parts at work, as users run them: people vote at the page, and the result page counts. Each sample starts the
/// services anew on empty stores, for no two runs of a JVM compile the same.
final class WholeBench extends Suite {
    private static final List<Integer> RATES = List.of(0, 1000, 5000); // 0: nobody but who clicks and watches
    private static final double PACE_KEPT = 0.8; // of the most it can do: a higher rate is left out
    private static final double SECONDS_A_CLICK = 0.2;
    private static final double ORIGINAL_SHARE = 0.2; // of the seconds of the others: it is long in storing that
    private static final String OURS = "ours";
    private static final String BEFORE = "the release before";
    private static final String SATURATED = "at saturation";
    private static final String BEHIND = "redis, worker and postgresql";

    private final Path against;
    private final List<Entry<String, ProcessHandle>> parts = new ArrayList<>();

    /// @param against a checkout of another release, built; or null
    WholeBench(Pace pace, Report report, Bed bed, Path against) {
        super("whole", pace, report, bed);
        this.against = against;
    }

    @Override
    void run() throws Exception {
        bed.stack.startStores();
        Service any = bed.start("vote");
        int size = any.vote("a").body().getBytes(StandardCharsets.UTF_8).length;
        any.close();
        int redis = bed.stack.redis.port();
        Peer page = bed.peer(new PooledVote(Stack.freePort(), redis, OriginalWorker.QUEUE, size));
        Peer worker = bed.peer(new OriginalWorker(redis, bed.stack.postgres.port()));
        Peer empty = bed.peer(new EmptyHandler(size));
        warm(empty, "votes");

        var ours = new Variant(OURS, name -> sample(name, Stack.root(), 1, Map.of()));
        List<Variant> variants = new ArrayList<>(List.of(ours));
        if (against != null) {
            variants.add(new Variant(BEFORE, name -> sample(name, against, 1, Map.of())));
        }
        variants.add(ours.again());
        for (int lists : new int[] {2, 4}) {
            variants.add(
                    new Variant(lists + " lists and workers", name -> sample(name, Stack.root(), lists, Map.of())));
        }
        variants.add(new Variant(
                "peer: page and worker the original's way",
                name -> sample(name, Stack.root(), 0, Map.of("vote", page, "worker", worker))));
        variants.add(new Variant("ceiling: empty handler", name -> {
            LoadResult result = saturate(name, empty, "votes", CONNECTIONS, rate(), cpu("vote", SATURATED));
            return "%,.0f answers/s".formatted(result.rate());
        }));
        interleave("all parts", variants);
        Measure late = measure("click to visible at 1,000 votes/s, percentile 99.0", "ms");
        if (late.samples.containsKey(OURS)) {
            report.atMost(100, "whole, 99th percentile in ms of " + late.name, late.samples.get(OURS));
        }
        if (against != null) {
            report.atLeast(1.3, "whole, votes counted / the release before", rate().ratio(OURS, BEFORE));
            List<Double> share = cpu(BEHIND, SATURATED).ratio(OURS, BEFORE);
            report.atMost(0.6, "whole, processor time of " + BEHIND + " / the release before", share);
        }
    }

    private Measure rate() {
        return measure("votes counted " + SATURATED, "votes/s");
    }

    private Measure cpu(String part, String at) {
        return measure("processor time a vote %s: %s".formatted(at, part), "µs");
    }

    /// @param lists how many, with as many workers; none if others take the place of our page and worker
    private String sample(String name, Path checkout, int lists, Map<String, Peer> others) throws Exception {
        bed.emptyRedis("always");
        bed.stack.postgres.execute("DROP SCHEMA public CASCADE", "CREATE SCHEMA public", "CHECKPOINT");
        List<String> names = new ArrayList<>(Collections.nCopies(lists, "worker"));
        names.addAll(lists == 0 ? List.of("result") : List.of("vote", "result"));
        var settings = Map.of("QUEUE_PARTITIONS", "" + Math.max(1, lists));
        List<Service> services = names.stream()
                .map(each -> bed.stack.add(each, Bed.FLAGS, settings).builtIn(checkout))
                .toList();
        try {
            services.forEach(Service::start);
            services.forEach(Service::awaitReady);
            parts.clear();
            others.forEach((part, peer) -> parts.add(entry(part, peer.process())));
            bed.stack.servers().stream()
                    .filter(Server::isAlive)
                    .forEach(each -> parts.add(entry(each.name(), each.process())));
            int vote =
                    lists == 0 ? others.get("vote").port() : services.get(lists).port();
            return sample(name, vote, services.getLast().port(), lists == 0 ? ORIGINAL_SHARE : 1);
        } finally {
            services.forEach(Service::close);
        }
    }

    private String sample(String name, int vote, int result, double share) throws Exception {
        var warmup = new Load(vote, "votes", CONNECTIONS, 0, 0, 8 * pace.warmup() * share);
        Fork.result(new Crowd(warmup, 0, result)).check(name + ", warming up");
        var most = new Load(vote, "votes", CONNECTIONS, 0, 0, pace.seconds() * share);
        Counted counted = measured(name, SATURATED, new Crowd(most, 0, result));
        double rate = counted.votes / counted.seconds;
        int clicks = pace.clicks() / 4;
        for (int each : RATES) {
            if (each < PACE_KEPT * rate) {
                String at = each == 0 ? "when quiet" : "at %,d votes/s".formatted(each);
                int connections = each == 0 ? 0 : CONNECTIONS;
                var load = new Load(vote, "votes", connections, each, 0, clicks * SECONDS_A_CLICK);
                Histogram latencies = measured(name, at, new Crowd(load, clicks, result)).latencies;
                percentiles("click to visible " + at, name, latencies, 50, 99);
                report.latencies("whole: click to visible " + at, name, latencies);
            }
        }
        return rate().add(name, rate);
    }

    /// Has a crowd vote, and adds what each part took for it.
    private Counted measured(String name, String at, Crowd crowd) throws Exception {
        Map<String, Double> before = used();
        Counted counted = Fork.result(crowd).check(name + ", " + at);
        used().forEach((what, now) -> {
            double used = now - before.get(what);
            if (what.endsWith("log")) {
                measure(what + " " + at, "1/s").add(name, used / counted.seconds);
            } else {
                cpu(what, at).add(name, used / counted.votes * 1e6);
            }
        });
        return counted;
    }

    /// The seconds of processor time that each part has used so far, with the processes that it started; and what the
    /// stores have given to the disk, which PostgreSQL tells a second late.
    private Map<String, Double> used() throws Exception {
        Map<String, Double> used = new TreeMap<>();
        for (var part : parts) {
            var family =
                    Stream.concat(Stream.of(part.getValue()), part.getValue().descendants());
            double seconds =
                    family.mapToDouble(each -> Usage.of(each).cpuSeconds()).sum();
            used.merge(part.getKey(), seconds, Double::sum);
            used.merge(BEHIND, BEHIND.contains(part.getKey()) ? seconds : 0, Double::sum);
        }
        Path io = Path.of("/proc", "" + bed.stack.redis.process().pid(), "io");
        if (Files.exists(io)) { // on Linux
            String bytes = Files.readString(io).replaceFirst("(?s).*\nwrite_bytes: (\\d+).*", "$1");
            used.put("pages of 4 KB that Redis wrote to its log", Long.parseLong(bytes) / 4096.0);
        }
        String syncs = "SELECT sum(fsyncs) FROM pg_stat_io WHERE object = 'wal'";
        used.put("times that PostgreSQL synced its log", Double.valueOf(bed.stack.postgres.value(syncs)));
        return used;
    }

    /// People who vote, perhaps one who clicks now and then and waits to see it, and the page that counts them all.
    record Crowd(Load load, int clicks, int result) implements Fork.Work<Counted> {
        private static final long SETTLED_NANOS = 1_200_000_000; // a vote that is counted twice would be seen by then
        private static final long PATIENCE_NANOS = 20_000_000_000L; // for one that is lost

        @Override
        public Counted work() throws Exception {
            long before = total();
            var watch = new FutureTask<>(new Watch(load.port(), result, clicks == 0 ? 0 : 1, clicks)::work);
            long start = System.nanoTime();
            Thread.ofPlatform().start(watch);
            LoadResult votes = load.work();
            Seen seen = watch.get();
            seen.latencies().recordValueWithCount(PATIENCE_NANOS, seen.missed());
            long acknowledged = votes.latencies().getTotalCount() - votes.unanswered() + clicks;
            long counted = total() - before;
            long changed = System.nanoTime();
            while (System.nanoTime() - changed < (counted < acknowledged ? PATIENCE_NANOS : SETTLED_NANOS)) {
                Thread.sleep(5); // and looks again
                long now = total() - before;
                changed = now == counted ? changed : System.nanoTime();
                counted = now;
            }
            long inDoubt = votes.errors() + votes.unanswered();
            return new Counted(acknowledged, inDoubt, counted, (changed - start) / 1e9, seen.latencies());
        }

        private long total() throws Exception {
            var url = URI.create("http://127.0.0.1:" + result + "/results").toURL();
            try (var json = url.openStream()) {
                return new JSONObject(new JSONTokener(json)).getLong("total");
            }
        }
    }

    /// What came of it.
    ///
    /// @param inDoubt votes without an answer or with a bad one: they may count or not
    /// @param seconds from the first vote until the last was counted
    record Counted(long acknowledged, long inDoubt, long votes, double seconds, Histogram latencies)
            implements Serializable {
        Counted check(String what) {
            if (votes < acknowledged || votes > acknowledged + inDoubt) {
                throw new IllegalStateException("%s: %,d votes were acknowledged, %,d are in doubt, %,d are counted."
                        .formatted(what, acknowledged, inDoubt, votes));
            }
            return this;
        }
    }
}
