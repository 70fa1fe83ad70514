package lab.bench;

import java.io.Serializable;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import lab.load.Bed;
import lab.load.Bed.Peer;
import lab.load.Cgroup;
import lab.load.Fork;
import lab.load.Load;
import lab.load.LoadResult;
import lab.load.Usage;
import lab.load.Viewers.Seen;
import lab.load.Viewers.Watch;
import lab.report.Measure;
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
    private static final String BEFORE = "the release before";
    private static final String SATURATED = "at saturation";
    private static final String BEHIND = "redis, worker and postgresql";

    private final Path against;
    private List<Peer> parts; // of what is measured now, the voting page first

    WholeBench(Path against) {
        this.against = against;
    }

    @Override
    void run() throws Exception {
        bed.stack.startStores();
        Service any = bed.start("vote");
        String body = any.vote("a").body();
        any.close();
        int redis = bed.stack.redis.port();
        Peer page = bed.peer("vote", new PooledVote(Stack.freePort(), redis, OriginalWorker.QUEUE, body));
        Peer worker = bed.peer("worker", new OriginalWorker(redis, bed.stack.postgres.port(), "public"));
        Peer empty = bed.peer("vote", new EmptyHandler(body));
        warm(empty, "votes");

        var ours = variant(OURS, Stack.root(), 1);
        List<Variant> variants = new ArrayList<>(List.of(
                ours,
                ours.again(),
                variant("2 lists and workers", Stack.root(), 2),
                variant("4 lists and workers", Stack.root(), 4),
                variant("peer: page and worker the original's way", Stack.root(), 1, page, worker),
                new Variant(
                        EMPTY, name -> saturate(name, empty, "votes", CONNECTIONS, rate(), cpu("vote", SATURATED)))));
        if (against != null) {
            variants.add(1, variant(BEFORE, against, 1));
        }
        interleave("all parts", variants);
        if (against != null) {
            compare(rate());
            compare(cpu(BEHIND, SATURATED));
        }
    }

    /// What it is of the release before, beside what the noise alone makes of ours.
    private void compare(Measure measure) {
        String before = Measure.summary(measure.ratio(OURS, BEFORE));
        String again = Measure.summary(measure.ratio(OURS + AGAIN, OURS));
        report.note("whole, %s: ours / %s: %s; again / ours: %s".formatted(measure.name, BEFORE, before, again));
    }

    private Measure rate() {
        return measure("votes counted " + SATURATED, "votes/s");
    }

    private Measure cpu(String part, String at) {
        return measure("processor time a vote %s: %s".formatted(at, part), "µs");
    }

    /// @param lists how many, with as many workers
    /// @param others who take the place of our page and worker
    private Variant variant(String name, Path checkout, int lists, Peer... others) {
        return new Variant(name, each -> {
            bed.emptyRedis("always");
            bed.stack.postgres.execute("DROP SCHEMA public CASCADE", "CREATE SCHEMA public", "CHECKPOINT");
            List<String> names = new ArrayList<>(List.of("vote", "result"));
            names.addAll(1, Collections.nCopies(lists, "worker"));
            names.removeAll(Stream.of(others).map(Peer::name).toList());
            var settings = Map.of("QUEUE_PARTITIONS", Integer.toString(lists));
            List<Service> services = names.stream()
                    .map(service -> bed.stack.add(service, Bed.FLAGS, settings).builtIn(checkout))
                    .toList();
            try {
                services.forEach(Service::start);
                services.forEach(Service::awaitReady);
                parts = new ArrayList<>(List.of(others));
                services.forEach(service -> parts.add(Peer.of(service)));
                Stream.of(bed.stack.redis, bed.stack.postgres).map(Peer::of).forEach(parts::add);
                return sample(each, services.getLast().port(), others.length == 0 ? 1 : ORIGINAL_SHARE);
            } finally {
                services.forEach(Service::close);
            }
        });
    }

    private String sample(String name, int result, double share) throws Exception {
        int vote = parts.getFirst().port();
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
                percentiles("click to visible " + at, name, latencies, 50, 100); // 100: the slowest click
            }
        }
        return rate().add(name, rate);
    }

    /// Has a crowd vote, and adds what each part took for it.
    private Counted measured(String name, String at, Crowd crowd) throws Exception {
        Map<String, Double> before = used();
        Counted counted = Fork.result(crowd).check(name + ", " + at);
        noteFailed("votes " + at, name, counted.inDoubt);
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
        for (Peer part : parts) {
            double seconds = Stream.concat(
                            Stream.of(part.process()), part.process().descendants())
                    .mapToDouble(each -> Usage.of(each).cpuSeconds())
                    .sum();
            used.merge(part.name(), seconds, Double::sum);
            used.merge(BEHIND, BEHIND.contains(part.name()) ? seconds : 0, Double::sum);
        }
        String io =
                Cgroup.text("/proc/%d/io".formatted(bed.stack.redis.process().pid()));
        if (!io.isEmpty()) { // on Linux
            String bytes = io.replaceFirst("(?s).*\nwrite_bytes: (\\d+).*", "$1");
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
            load.warmUp();
            long before = total();
            var watch = new FutureTask<>(new Watch(load.port(), result, clicks == 0 ? 0 : 1, clicks)::work);
            long start = System.nanoTime();
            Thread.ofPlatform().start(watch);
            LoadResult votes = load.run();
            Seen seen = watch.get();
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
