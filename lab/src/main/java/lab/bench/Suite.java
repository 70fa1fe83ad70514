package lab.bench;

import java.util.List;
import java.util.StringJoiner;
import lab.load.Bed;
import lab.load.Bed.Peer;
import lab.load.Fork;
import lab.load.Load;
import lab.load.LoadResult;
import lab.load.Usage;
import lab.report.Machine;
import lab.report.Measure;
import lab.report.Report;
import org.HdrHistogram.Histogram;
import org.apache.commons.lang3.function.FailableFunction;

/// Measures one part of the system on a bed of its own. Every sample of one thing lies beside one of the others in
/// time, again and again: what a shared machine does to one of them, it does to all.
abstract class Suite {
    static final int CONNECTIONS = 64;
    static final String OURS = "ours";
    static final String EMPTY = "ceiling: empty handler";
    static final String AGAIN = ", again (A/A)";
    private static final double WARM_SECONDS = 15;

    private String name;
    Pace pace;
    Report report;
    Bed bed;

    /// How long and how often.
    ///
    /// @param seconds of one sample under load, after `warmup` seconds
    /// @param votes drained by the worker in one sample
    record Pace(int repetitions, double warmup, double seconds, int votes, int clicks) {
        static final Pace FULL = new Pace(5, 2, 5, 500_000, 200);
        static final Pace QUICK = new Pace(2, 1, 2, 100_000, 40);

        /// How many voters are stored beforehand, for what is measured at several sizes.
        static final List<Integer> STORED = List.of(0, 1_000_000, 5_000_000);
    }

    final void run(String name, Pace pace, Report report, Bed bed) throws Exception {
        this.name = name;
        this.pace = pace;
        this.report = report;
        this.bed = bed;
        run();
    }

    /// One of several things that are measured in turns.
    ///
    /// @param sample takes one of what has this name, and returns what the terminal shows of it
    record Variant(String name, FailableFunction<String, String, Exception> sample) {
        /// The same once more, as a measure of what the noise alone does.
        Variant again() {
            return new Variant(name + AGAIN, sample);
        }
    }

    abstract void run() throws Exception;

    /// The measure of this suite with this name, new or not.
    final Measure measure(String name, String unit) {
        return report.measure(this.name, name, unit);
    }

    /// Takes a sample of each variant, round after round in another order, each in a quiet moment if there is one.
    final void interleave(String what, List<Variant> variants) throws Exception {
        int busy = 0;
        for (int round = 0; round < pace.repetitions(); round++) {
            for (int i = 0; i < variants.size(); i++) {
                int way = round % 2 == 0 ? i : -i; // forth and back: nobody always follows the same one
                Variant variant = variants.get(Math.floorMod(round + way, variants.size()));
                busy += Machine.awaitCalm() ? 0 : 1;
                String shown = variant.sample().apply(variant.name());
                System.out.printf("  %d/%d %s: %s: %s%n", round + 1, pace.repetitions(), what, variant.name(), shown);
                report.write(Bench.FOLDER); // whatever happens to the next
            }
        }
        if (busy > 0) {
            report.note("%s, %s: something else was at work before %d of %d samples."
                    .formatted(name, what, busy, pace.repetitions() * variants.size()));
        }
    }

    /// Keeps a server as busy as it can be, before it is measured, until the compiler has done most of its work.
    final void warm(Peer server, String request) throws Exception {
        Fork.result(new Load(server.port(), request, CONNECTIONS, 0, 0, WARM_SECONDS));
    }

    /// Has a server answer as fast as it can, and adds a sample of its rate and of its processor time an answer.
    final String saturate(String name, Peer server, String request, int connections, Measure rate, Measure cpu)
            throws Exception {
        double before = Usage.of(server.process()).cpuSeconds();
        LoadResult result =
                Fork.result(new Load(server.port(), request, connections, 0, pace.warmup(), pace.seconds()));
        double used = Usage.of(server.process()).cpuSeconds() - before;
        cpu.add(name, used / (result.rate() * (pace.warmup() + pace.seconds())) * 1e6);
        noteFailed(rate.name, name, result.errors() + result.unanswered());
        return rate.add(name, result.rate());
    }

    final void noteFailed(String what, String name, long requests) {
        if (requests > 0) {
            report.note("%s, %s, %s: %,d requests failed.".formatted(this.name, what, name, requests));
        }
    }

    /// Adds latencies to their plot, and a sample to the measure of each of these percentiles.
    final String percentiles(String what, String name, Histogram latencies, double... percentiles) {
        report.latencies(this.name + ": " + what, name, latencies);
        var shown = new StringJoiner(" / ");
        for (double percentile : percentiles) {
            shown.add(measure(what + ", percentile " + percentile, "ms")
                    .add(name, latencies.getValueAtPercentile(percentile) / 1e6));
        }
        return shown.toString();
    }

    /// Hopes that one series of a measure is at least so many times another.
    final void atLeast(double goal, Measure measure, String series, String of) {
        report.atLeast(goal, "%s, %s: %s / %s".formatted(name, measure.name, series, of), measure.ratio(series, of));
    }
}
