package lab.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lab.bench.Bench.Variant;
import lab.load.Fork;
import lab.load.Generator;
import lab.load.Load;
import lab.load.Usage;
import lab.report.Measure;
import lab.report.Numbers;
import lab.report.Report;
import lab.stack.Service;
import redis.clients.jedis.Jedis;

/// From the start of each service's process to its first answer, with and without an AOT cache, beside a JVM that
/// prints a line; and the memory each has then and after load.
final class StartBench {
    private static final List<String> NAMES = List.of("vote", "worker", "result");
    private static final String LINE = "ceiling: a JVM that prints a line";

    private final Bench bench;
    private final Report report;

    StartBench(Bench bench) {
        this.bench = bench;
        this.report = bench.report;
    }

    void run() throws Exception {
        try (var bed = new Bed()) {
            bed.stack.startStores();
            Map<String, Service> plain = new LinkedHashMap<>();
            Map<String, Service> cached = new LinkedHashMap<>();
            for (String name : NAMES) {
                Path cache = Bench.FOLDER.resolve(name + ".aot");
                train(bed, name, cache);
                plain.put(name, bed.stack.add(name, Bed.FLAGS, Map.of()));
                // AOTMode=on: a cache that does not fit is an error, not a slow start
                List<String> flags = flags("-XX:AOTCache=" + cache, "-XX:AOTMode=on");
                cached.put(name, bed.stack.add(name, flags, Map.of()));
            }
            bench.interleave("start", 2 * bench.pace.repetitions(), variants(plain, cached));
            for (String name : NAMES) {
                report.atMost(
                        2.5,
                        "start of " + name + " with AOT / a JVM that prints a line",
                        starts().ratio(aot(name), LINE));
            }
            load(bed, cached);
        }
    }

    private static List<String> flags(String... more) {
        List<String> flags = new ArrayList<>(Bed.FLAGS);
        flags.addAll(List.of(more));
        return flags;
    }

    /// The training run: start, a few requests and votes, end. The cache is written when the JVM exits.
    private static void train(Bed bed, String name, Path cache) throws Exception {
        Files.deleteIfExists(cache);
        Service service = bed.stack.start(name, flags("-XX:AOTCacheOutput=" + cache), Map.of());
        String request = name.equals("vote") ? "votes" : name.equals("result") ? "GET /results" : "GET /livez";
        Generator.fork(new Load(service.port(), request, 4, 0, 0, 1));
        if (name.equals("worker")) {
            try (Jedis redis = bed.stack.redis.connect()) {
                Ballots.enqueue(redis, "votes", new Ballots().newVoters(10_000));
            }
            bed.stack.awaitEmptyQueue();
        }
        service.process().destroy(); // and not stop(), which loses its patience: another JVM makes the cache first
        service.process().onExit().join();
        if (!Files.exists(cache)) {
            throw new IllegalStateException("No AOT cache was written: " + cache);
        }
    }

    private Measure starts() {
        return report.measure("start", "process start to first answer", "ms");
    }

    private static String aot(String name) {
        return name + ", AOT cache";
    }

    private List<Variant> variants(Map<String, Service> plain, Map<String, Service> cached) {
        List<Variant> variants = new ArrayList<>();
        variants.add(new Variant(LINE, () -> line(LINE)));
        variants.add(new Variant(LINE + ", again (A/A)", () -> line(LINE + ", again (A/A)")));
        plain.forEach((name, service) -> variants.add(new Variant(name, () -> start(name, service))));
        cached.forEach((name, service) -> variants.add(new Variant(aot(name), () -> start(aot(name), service))));
        return variants;
    }

    private String line(String name) throws IOException {
        long start = System.nanoTime();
        Process process = Fork.start(Bed.FLAGS, PrintLine.class);
        process.inputReader().readLine();
        double millis = (System.nanoTime() - start) / 1e6;
        process.onExit().join();
        starts().add(name, millis);
        return Numbers.format(millis) + " ms";
    }

    private String start(String name, Service service) throws Exception {
        long start = System.nanoTime();
        service.start();
        service.awaitAnswer();
        double millis = (System.nanoTime() - start) / 1e6;
        starts().add(name, millis);
        report.measure("start", "memory at the first answer", "MB")
                .add(name, Usage.of(service.process()).memoryMegabytes());
        service.stop();
        return Numbers.format(millis) + " ms";
    }

    /// All three together under load, and what they have then.
    private void load(Bed bed, Map<String, Service> services) throws Exception {
        services.values().forEach(Service::start);
        services.values().forEach(Service::awaitReady);
        double seconds = 2 * bench.pace.seconds();
        Generator.fork(new Load(services.get("vote").port(), "votes", 64, 0, 0, seconds));
        Generator.fork(new Load(services.get("result").port(), "GET /results", 64, 0, 0, seconds));
        bed.stack.awaitEmptyQueue();
        double sum = 0;
        for (var entry : services.entrySet()) {
            double memory = Usage.of(entry.getValue().process()).memoryMegabytes();
            report.measure("start", "memory after load", "MB").add(aot(entry.getKey()), memory);
            sum += memory;
        }
        report.measure("start", "memory after load", "MB").add("all three", sum);
        report.atMost(200, "start, memory of the three services after load in MB", List.of(sum));
    }
}
