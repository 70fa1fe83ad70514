package lab.bench;

import static java.util.Map.entry;

import java.io.IOException;
import java.io.Serializable;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.concurrent.FutureTask;
import java.util.stream.IntStream;
import lab.bench.Bench.Pace;
import lab.load.Bed;
import lab.load.Bed.Peer;
import lab.load.Fork;
import lab.load.Load;
import lab.load.LoadResult;
import lab.load.Viewers.Watch;
import lab.report.Measure;
import lab.report.Report;
import lab.stack.Service;
import lab.stack.Stack;
import org.HdrHistogram.Histogram;
import org.json.JSONObject;

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

        var ours = new Variant(OURS, name -> sample(name, Stack.root(), 1));
        List<Variant> variants = new ArrayList<>(List.of(ours));
        if (against != null) {
            variants.add(new Variant(BEFORE, name -> sample(name, against, 1)));
        }
        variants.add(ours.again());
        for (int lists : new int[] {2, 4}) {
            variants.add(new Variant(lists + " lists and workers", name -> sample(name, Stack.root(), lists)));
        }
        variants.add(new Variant(
                "peer: page and worker the original's way", name -> sample(name, Stack.root(), 0, page, worker)));
        variants.add(new Variant("ceiling: empty handler", name -> {
            saturate(name, empty, "votes", CONNECTIONS, rate(), cpu("vote", SATURATED));
            return "%,.0f answers/s".formatted(rate().samples.get(name).getLast());
        }));
        interleave("all parts", variants);
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

    /// @param lists how many, with as many workers; or none, and a page and a worker of another kind
    private String sample(String name, Path checkout, int lists, Peer... others) throws Exception {
        bed.emptyRedis("always");
        bed.stack.postgres.execute("DROP SCHEMA public CASCADE", "CREATE SCHEMA public", "CHECKPOINT");
        List<String> names = new ArrayList<>(Collections.nCopies(lists, "worker"));
        names.addAll(others.length == 0 ? List.of("vote", "result") : List.of("result"));
        var settings = Map.of("QUEUE_PARTITIONS", "" + Math.max(1, lists));
        List<Service> services = names.stream()
                .map(each -> bed.stack.add(each, Bed.FLAGS, settings).builtIn(checkout))
                .toList();
        try {
            services.forEach(Service::start);
            services.forEach(Service::awaitReady);
            List<Entry<String, ProcessHandle>> parts = new ArrayList<>(List.of(
                    entry("redis", bed.stack.redis.process()), entry("postgresql", bed.stack.postgres.process())));
            services.forEach(each -> parts.add(entry(each.name(), each.process())));
            for (int i = 0; i < others.length; i++) {
                parts.add(entry(List.of("vote", "worker").get(i), others[i].process()));
            }
            int vote = others.length == 0 ? services.get(lists).port() : others[0].port();
            return sample(name, vote, services.getLast().port(), parts, others.length == 0 ? 1 : ORIGINAL_SHARE);
        } finally {
            services.forEach(Service::close);
        }
    }

    private String sample(String name, int vote, int result, List<Entry<String, ProcessHandle>> parts, double share)
            throws Exception {
        var warmup = new Load(vote, "votes", CONNECTIONS, 0, 0, 8 * pace.warmup() * share);
        Fork.result(new Crowd(warmup, 0, result)).check(name + ", warming up");
        var most = new Load(vote, "votes", CONNECTIONS, 0, 0, pace.seconds() * share);
        Counted counted = measured(name, SATURATED, new Crowd(most, 0, result), parts);
        double rate = counted.votes / counted.seconds;
        var shown = new StringJoiner("; ").add(rate().add(name, rate));
        int clicks = pace.clicks() / 4;
        for (int each : RATES) {
            if (each < PACE_KEPT * rate) {
                String at = each == 0 ? "when quiet" : "at %,d votes/s".formatted(each);
                int connections = each == 0 ? 0 : CONNECTIONS;
                var load = new Load(vote, "votes", connections, each, 0, clicks * SECONDS_A_CLICK);
                Histogram latencies = measured(name, at, new Crowd(load, clicks, result), parts).latencies;
                shown.add(at + " " + percentiles("click to visible " + at, name, latencies, 50, 99));
                report.latencies("whole: click to visible " + at, name, latencies);
            }
        }
        return shown.toString();
    }

    /// Has a crowd vote, and adds what each part took for it.
    private Counted measured(String name, String at, Crowd crowd, List<Entry<String, ProcessHandle>> parts)
            throws Exception {
        Map<String, Double> cpu = cpu(parts);
        Map<String, Double> writes = writes();
        Counted counted = Fork.result(crowd).check(name + ", " + at);
        cpu(parts).forEach((part, now) -> cpu(part, at).add(name, (now - cpu.get(part)) * 1e6 / counted.votes));
        writes().forEach((what, now) ->
                measure(what + " " + at, "1/s").add(name, (now - writes.get(what)) / counted.seconds));
        return counted;
    }

    /// The seconds of processor time that each part has used, with all processes that it started.
    private static Map<String, Double> cpu(List<Entry<String, ProcessHandle>> parts) {
        Map<String, Double> seconds = new TreeMap<>();
        for (var part : parts) {
            double own = seconds(part.getValue())
                    + part.getValue()
                            .descendants()
                            .mapToDouble(WholeBench::seconds)
                            .sum();
            seconds.merge(part.getKey(), own, Double::sum);
            seconds.merge("all parts", own, Double::sum);
            seconds.merge(BEHIND, BEHIND.contains(part.getKey()) ? own : 0, Double::sum);
        }
        return seconds;
    }

    /// Of a process and of those children of it that have ended: of those alone Linux adds it up beside.
    private static double seconds(ProcessHandle process) {
        String[] stat = proc(process, "stat").replaceFirst(".*\\) ", "").split(" ");
        return stat.length > 14
                ? IntStream.rangeClosed(11, 14)
                                .mapToLong(i -> Long.parseLong(stat[i]))
                                .sum()
                        / 100.0
                : process.info().totalCpuDuration().orElse(Duration.ZERO).toMillis() / 1000.0;
    }

    /// What Linux tells of a process in this file; nothing if it is gone, or elsewhere.
    private static String proc(ProcessHandle process, String file) {
        try {
            return Files.readString(Path.of("/proc", "" + process.pid(), file));
        } catch (IOException _) {
            return "";
        }
    }

    /// What the stores have given to the disk so far; PostgreSQL tells it a second late.
    private Map<String, Double> writes() throws SQLException {
        String pages = proc(bed.stack.redis.process(), "io").replaceFirst("(?s).*\nwrite_bytes: (\\d+).*", "$1");
        String syncs = bed.stack.postgres.value("SELECT sum(fsyncs) FROM pg_stat_io WHERE object = 'wal'");
        return Map.of(
                "pages of 4 KB that Redis wrote to its log",
                Long.parseLong("0" + pages) / 4096.0,
                "times that PostgreSQL synced its log",
                Double.valueOf(syncs));
    }

    /// People who vote, perhaps one more who clicks now and then and waits to see it, and the page that counts them
    /// all.
    record Crowd(Load load, int clicks, int result) implements Fork.Work<Counted> {
        private static final long SETTLED_NANOS = 1_200_000_000; // a vote that is counted twice would be seen by then
        private static final long PATIENCE_NANOS = 20_000_000_000L; // for one that is lost

        @Override
        public Counted work() throws Exception {
            long before = counted();
            var watch = new FutureTask<>(() -> clicks == 0
                    ? null
                    : new Watch(load.port(), result, 1, clicks).work().latencies());
            long start = System.nanoTime();
            Thread.ofPlatform().start(watch);
            LoadResult votes = load.work();
            Histogram latencies = watch.get();
            long acknowledged = votes.latencies().getTotalCount() - votes.unanswered() + clicks;
            long counted = counted() - before;
            long changed = System.nanoTime();
            while (System.nanoTime() - changed < (counted < acknowledged ? PATIENCE_NANOS : SETTLED_NANOS)) {
                Thread.sleep(5); // and looks again
                long now = counted() - before;
                changed = now == counted ? changed : System.nanoTime();
                counted = now;
            }
            long inDoubt = votes.errors() + votes.unanswered();
            return new Counted(acknowledged, inDoubt, counted, (changed - start) / 1e9, latencies);
        }

        private long counted() throws IOException {
            try (var json = URI.create("http://127.0.0.1:" + result + "/results")
                    .toURL()
                    .openStream()) {
                return new JSONObject(new String(json.readAllBytes(), StandardCharsets.UTF_8)).getLong("total");
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
                throw new IllegalStateException(
                        "%s: %,d votes were acknowledged, %,d are in doubt, and %,d are counted."
                                .formatted(what, acknowledged, inDoubt, votes));
            }
            return this;
        }
    }
}
