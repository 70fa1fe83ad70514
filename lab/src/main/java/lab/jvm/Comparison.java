package lab.jvm;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import lab.report.Measure;
import lab.report.Plot;
import lab.report.Plot.Point;
import lab.report.Report;

/// Gathers the forks of all variants into a report, and says which differences are more than noise.
final class Comparison {
    private static final String SUITE = "jvm";

    private final Plan plan;
    private final Report report;
    private final Map<Variant, List<Trial>> trials = new LinkedHashMap<>();
    private final Map<Measure, Double> judged = new LinkedHashMap<>();
    private final Map<String, List<Point>> throughput = new LinkedHashMap<>();
    private final Map<String, List<Point>> pauses = new LinkedHashMap<>();
    private final Map<String, List<Point>> memory = new LinkedHashMap<>();

    Comparison(Plan plan, Report report) {
        this.plan = plan;
        this.report = report;
    }

    void add(Variant variant, Trial trial) {
        trials.computeIfAbsent(variant, _ -> new ArrayList<>()).add(trial);
    }

    /// What happens over time is shown of each variant's first fork.
    private void measure(String variant, Trial trial) {
        var steady = trial.steady();
        var recording = trial.recording();
        String at = " at " + plan.rate() + "/s";
        double thousands = Math.max(1, steady.answered()) / 1000.0;
        add(variant, "start to first answer", "ms", 1, trial.startMillis());
        add(variant, "latency, median" + at, "ms", 0.01, steady.percentileMillis(50));
        add(variant, "latency, 99 %" + at, "ms", 0.01, steady.percentileMillis(99));
        add(variant, "latency, 99.9 %" + at, "ms", 0.01, steady.percentileMillis(99.9));
        add(variant, "answered of " + plan.rate() + "/s", "1/s", plan.rate() / 200.0, steady.rate());
        add(variant, "errors and unanswered", "requests", 1, failures(trial));
        add(variant, "processor time" + at, "s/1000", 0.02 / thousands, trial.cpuSeconds() / thousands);
        add(variant, "throughput at saturation", "1/s", 1, trial.saturated().rate());
        add(variant, "resident memory, most", "MB", 1, trial.peakMegabytes());
        add(variant, "heap after the last collection", "MB", 0.1, recording.heapAfterMegabytes());
        add(variant, "allocated" + at, "MB/s", 0.1, recording.allocatedMegabytes() / plan.seconds());
        add(variant, "collections" + at, "in " + (int) plan.seconds() + " s", 1, recording.collections());
        add(variant, "pauses" + at, "ms in " + (int) plan.seconds() + " s", 0.1, recording.pauseMillis());
        add(variant, "longest pause" + at, "ms", 0.1, recording.longestPauseMillis());
        report.measure(SUITE, "what the generator itself took" + at, "s/1000")
                .add(variant, steady.generatorCpuSeconds() / thousands);
        report.latencies("at " + plan.rate() + " requests a second", variant, steady.latencies());
        throughput.putIfAbsent(variant, trial.throughput());
        pauses.putIfAbsent(variant, recording.pauses());
        memory.putIfAbsent(variant, trial.memory());
    }

    private static double failures(Trial trial) {
        return trial.steady().errors()
                + trial.steady().unanswered()
                + trial.saturated().errors()
                + trial.saturated().unanswered();
    }

    private void add(String variant, String name, String unit, double grain, double value) {
        Measure measure = report.measure(SUITE, name, unit);
        judged.put(measure, grain);
        measure.add(variant, value);
    }

    /// Fills the report with the forks of these variants, judges each difference to the base, and returns the verdict.
    String conclude(List<Variant> variants) {
        for (Variant variant : variants) {
            List<Trial> forks = trials.get(variant);
            forks.forEach(trial -> measure(variant.name(), trial));
            String inUse = Jcmd.inUse(forks.getFirst().flags());
            report.fact(variant.name(), variant.description() + " → in use: " + inUse);
        }
        String again = variants.get(1).name();
        report.figure("Answers a second: warm-up, fixed rate, saturation", Plot.lines(throughput, ""));
        report.figure("Pauses for garbage collection", Plot.dots(pauses, "ms"));
        report.figure("Resident memory", Plot.lines(memory, "MB"));
        List<String> found = new ArrayList<>();
        var noisy = new TreeSet<String>();
        judged.forEach((measure, grain) -> {
            List<String> differing = judge(measure, grain, variants.getFirst().name(), again);
            if (differing.remove(again)) {
                noisy.add(measure.name);
            }
            if (!differing.isEmpty()) {
                found.add(measure.name + " of " + String.join(" and ", differing));
            }
        });
        String verdict = found.isEmpty()
                ? "Nothing differs from the base beyond the noise."
                : "Only these differ from the base beyond the noise: " + String.join("; ", found) + ".";
        return noisy.isEmpty()
                ? verdict
                : verdict + " But the base differs from itself in " + String.join(", ", noisy)
                        + ": do not believe these, and repeat on a quieter machine.";
    }

    private static List<String> judge(Measure measure, double grain, String base, String again) {
        List<String> differing = new ArrayList<>();
        measure.samples.forEach((variant, samples) -> {
            if (!variant.equals(base)) {
                var difference = Difference.of(measure.samples.get(base), measure.samples.get(again), samples, grain);
                measure.remark(variant, difference.toString());
                if (!difference.isNoise()) {
                    differing.add(variant);
                }
            }
        });
        return differing;
    }
}
