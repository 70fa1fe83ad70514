package lab.jvm;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;
import lab.report.Measure;
import lab.report.Plot;
import lab.report.Plot.Point;
import lab.report.Report;

/// Gathers the forks of all variants into a report, and says which differences are more than noise.
final class Comparison {
    private final Plan plan;
    private final Report report;
    private final Map<Variant, List<Trial>> trials = new LinkedHashMap<>();
    private final Map<Measure, Double> judged = new LinkedHashMap<>();

    Comparison(Plan plan, Report report) {
        this.plan = plan;
        this.report = report;
    }

    void add(Variant variant, Trial trial) {
        trials.computeIfAbsent(variant, _ -> new ArrayList<>()).add(trial);
    }

    private void measure(String variant, Trial trial) {
        var steady = trial.steady();
        var saturated = trial.saturated();
        var recording = trial.recording();
        String at = " at " + plan.rate + "/s";
        String inAll = "in " + plan.seconds + " s";
        double thousands = Math.max(1, steady.answered()) / 1000.0;
        add(variant, "start to first answer", "ms", 1, trial.startMillis());
        add(variant, "latency, median" + at, "ms", 0.01, steady.percentileMillis(50));
        add(variant, "latency, 99 %" + at, "ms", 0.01, steady.percentileMillis(99));
        add(variant, "latency, 99.9 %" + at, "ms", 0.01, steady.percentileMillis(99.9));
        add(variant, "answered of " + plan.rate + "/s", "1/s", plan.rate / 200.0, steady.rate());
        add(variant, "errors and unanswered", "requests", 1, trial.failures());
        add(variant, "processor time" + at, "s/1000", 0.02 / thousands, trial.cpuSeconds() / thousands);
        add(variant, "throughput at saturation", "1/s", 1, saturated.rate());
        add(variant, "resident memory, most", "MB", 1, trial.peakMegabytes());
        add(variant, "heap after the last collection", "MB", 0.1, recording.heapAfterMegabytes);
        add(variant, "allocated" + at, "MB/s", 0.1, recording.allocatedMegabytes / plan.seconds);
        add(variant, "collections" + at, inAll, 1, recording.collections);
        add(variant, "pauses" + at, "ms " + inAll, 0.1, recording.pauses.getSum());
        add(variant, "longest pause" + at, "ms", 0.1, Recording.longest(recording.pauses));
        add(
                variant,
                "waits for room in the heap" + at,
                "ms " + inAll,
                0.1,
                recording.stalls.getSum() + recording.pacedMillis);
        add(variant, "longest of these" + at, "ms", 0.1, Recording.longest(recording.stalls));
        add(variant, "collections that found no room" + at, inAll, 1, recording.failures);
        add(variant, "safepoints" + at, "ms " + inAll, 0.1, recording.safepoints.getSum());
        add(variant, "longest safepoint" + at, "ms", 0.1, Recording.longest(recording.safepoints));
        add(variant, "longest time to a safepoint" + at, "ms", 0.1, Recording.longest(recording.reaching));
        add(variant, "throttled" + at, "ms " + inAll, 0.1, trial.throttledMillis());
        report.measure("jvm", "what the generator itself took" + at, "s/1000")
                .add(variant, steady.generatorCpuSeconds() / thousands);
        report.latencies("at " + plan.rate + " requests a second", variant, steady.latencies());
    }

    /// @param grain what the measure cannot tell apart
    private void add(String variant, String name, String unit, double grain, double value) {
        Measure measure = report.measure("jvm", name, unit);
        judged.put(measure, grain);
        measure.add(variant, value);
    }

    /// Fills the report with the forks of these variants, judges each difference to the base, and returns the verdict.
    String conclude(List<Variant> variants) {
        for (Variant variant : variants) {
            trials.get(variant).forEach(trial -> measure(variant.name(), trial));
            String inUse = Jcmd.inUse(trials.get(variant).getFirst().flags());
            report.fact(variant.name(), variant.description() + " → in use: " + inUse);
        }
        report.figure(
                "Answers a second: warm-up, fixed rate, saturation",
                Plot.lines(overTime(variants, Trial::throughput), ""));
        report.figure(
                "Pauses for garbage collection",
                Plot.dots(overTime(variants, each -> each.recording().allPauses), "ms"));
        report.figure("Resident memory", Plot.lines(overTime(variants, each -> each.recording().memory), "MB"));
        return verdict(variants.getFirst().name(), variants.get(1).name());
    }

    /// What happens over time is shown of each variant's first fork.
    private Map<String, List<Point>> overTime(List<Variant> variants, Function<Trial, List<Point>> what) {
        Map<String, List<Point>> series = new LinkedHashMap<>();
        variants.forEach(
                each -> series.put(each.name(), what.apply(trials.get(each).getFirst())));
        return series;
    }

    private String verdict(String base, String again) {
        List<String> found = new ArrayList<>();
        var noisy = new TreeSet<String>();
        judged.forEach((measure, grain) -> {
            List<String> differing = judge(measure, grain, base, again);
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
