package lab.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import lab.load.Bed;
import lab.load.Bed.Peer;
import lab.load.Fork;
import lab.load.Load;
import lab.load.LoadResult;
import lab.load.Usage;
import lab.report.Machine;
import lab.report.Measure;
import lab.report.Report;
import lab.stack.Stack;

/// `./build.sh bench`: how fast the system is, beside what the machine can do at best and beside the original's
/// way of doing it, in one run. Every sample of one thing lies beside one of the others in time, again and again:
/// what a shared machine does to one of them, it does to all.
public final class Bench {
    static final Path FOLDER = Stack.root().resolve("target", "bench");
    private static final List<String> SUITES = List.of("vote", "worker", "result", "live");
    private static final int BAD_USAGE = 2;
    private static final double WARM_SECONDS = 15;

    /// How long and how often.
    ///
    /// @param seconds of one sample under load, after `warmup` seconds
    /// @param votes drained by the worker in one sample
    /// @param stored how many voters are stored beforehand, for what is measured at several sizes
    record Pace(int repetitions, double warmup, double seconds, int votes, List<Integer> stored, int clicks) {
        static final Pace FULL = new Pace(5, 2, 5, 500_000, List.of(0, 1_000_000, 5_000_000), 200);
        static final Pace QUICK = new Pace(2, 1, 2, 100_000, List.of(0, 1_000_000, 5_000_000), 40);
    }

    /// One thing to measure: returns what the terminal shows of a sample.
    @FunctionalInterface
    interface Sample {
        String take() throws Exception;
    }

    /// A [Sample] with a name for the terminal.
    record Variant(String name, Sample sample) {}

    final Pace pace;
    final Report report;

    private Bench(Pace pace, Report report) {
        this.pace = pace;
        this.report = report;
    }

    public static int run(List<String> arguments) throws Exception {
        List<String> suites = new ArrayList<>(arguments);
        boolean quick = suites.remove("--quick");
        boolean forced = suites.remove("--force");
        suites.remove("all");
        if (!SUITES.containsAll(suites)) {
            System.err.println("bench takes any of " + String.join(", ", SUITES)
                    + " (none: all of them), --quick for a short pass, --force for a busy machine.");
            return BAD_USAGE;
        }
        var report = new Report("Speed");
        if (!Machine.isFitFor(report, "bench", arguments, forced)) {
            return BAD_USAGE;
        }
        report.fact("Flags of the services", String.join(" ", Bed.FLAGS));
        new Bench(quick ? Pace.QUICK : Pace.FULL, report).measure(suites.isEmpty() ? SUITES : suites);
        return 0;
    }

    private void measure(List<String> suites) throws Exception {
        for (String suite : SUITES) {
            if (suites.contains(suite)) {
                System.out.println("\n" + suite);
                switch (suite) {
                    case "vote" -> new VoteBench(this).run();
                    case "worker" -> new WorkerBench(this).run();
                    case "result" -> new ResultBench(this).run();
                    default -> new LiveBench(this).run();
                }
                report.write(FOLDER); // what was found so far is kept if a later suite fails
            }
        }
        System.out.println(report.table());
        System.out.println("Written: " + FOLDER.resolve("report.html"));
    }

    /// Keeps a server as busy as it can be, before it is measured, until the compiler has done most of its work.
    void warm(Peer server, String request) throws Exception {
        Fork.result(new Load(server.port(), request, 64, 0, 0, WARM_SECONDS));
    }

    /// Has a server answer as fast as it can, and adds a sample of its rate and of the microseconds of processor time
    /// that an answer took.
    LoadResult saturate(String name, Peer server, String request, int connections, Measure rate, Measure cpu)
            throws Exception {
        double before = Usage.of(server.process()).cpuSeconds();
        LoadResult result =
                Fork.result(new Load(server.port(), request, connections, 0, pace.warmup(), pace.seconds()));
        double used = Usage.of(server.process()).cpuSeconds() - before;
        rate.add(name, result.rate());
        cpu.add(name, used / (result.rate() * (pace.warmup() + pace.seconds())) * 1e6);
        return result;
    }

    /// Takes a sample of each variant, then of each again, and so on; each round begins with another one. Before
    /// each it waits a while for a quiet moment.
    void interleave(String what, List<Variant> variants) throws Exception {
        interleave(what, pace.repetitions(), variants);
    }

    void interleave(String what, int repetitions, List<Variant> variants) throws Exception {
        int busy = 0;
        for (int round = 0; round < repetitions; round++) {
            for (int i = 0; i < variants.size(); i++) {
                Variant variant = variants.get((round + i) % variants.size());
                if (!Machine.awaitCalm()) {
                    busy++;
                }
                String shown = variant.sample().take();
                System.out.printf(
                        Locale.ROOT, "  %d/%d %s: %s: %s%n", round + 1, repetitions, what, variant.name(), shown);
            }
        }
        if (busy > 0) {
            report.note("%s: something else was at work before %d of %d samples."
                    .formatted(what, busy, repetitions * variants.size()));
        }
    }
}
