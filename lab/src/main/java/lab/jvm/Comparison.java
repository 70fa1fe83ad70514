package lab.jvm;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import lab.report.Measure;
import lab.report.Plot;
import lab.report.Plot.Point;
import lab.report.Report;

/// Gathers the forks of all variants into a report, and says which differences are more than noise.
final class Comparison {
    private static final int MORE = 1;
    private static final int LESS = -1;
    private static final String ERRORS = "errors";
    private static final String FAILED = "WORSE, of what --fail-on names";
    private static final String UNCLEAR = "NOT JUDGED, of what --fail-on names";
    private static final String TOO_FEW = "Too few forks that nothing disturbed to judge";

    /// What `--fail-on` may name.
    static final String KEYS = "throughput, p50, p99, p99.9, rate, errors, cpu, start, memory, heap, allocated,"
            + " pauses, pause, stalls, stall, failures, safepoints, safepoint, reaching, throttled";

    /// @param better which is: [#MORE], [#LESS], or neither (0)
    /// @param grain what it cannot tell apart
    private record Kind(String key, int better, double grain) {}

    private final Plan plan;
    private final Report report;
    private final Map<Measure, Kind> kinds = new LinkedHashMap<>();
    private final Map<String, List<Trial>> trials = new LinkedHashMap<>();
    private final List<String> disturbed = new ArrayList<>();

    /// The forks that are judged, by the names of the variants in their order, the base and the base again first.
    private final Map<String, List<Trial>> judged = new LinkedHashMap<>();

    private String base;
    private String again;

    /// Measures, by what is said of them.
    private final Map<String, Set<String>> found = new LinkedHashMap<>();

    Comparison(Plan plan, Report report) {
        this.plan = plan;
        this.report = report;
    }

    private void measure(String variant, Trial trial) {
        var steady = trial.steady();
        var recording = trial.recording();
        String at = " at " + plan.rate + "/s";
        String inAll = "in " + plan.seconds + " s";
        double micros = 1e6 / Math.max(1, steady.answered());
        double tick = 2e4 / plan.rate / plan.seconds;
        double waits = recording.sum("stall") + recording.sum("pacing");
        double most = trial.saturated().rate();
        add(variant, "throughput", MORE, "throughput, saturated", "1/s", 1, most);
        add(variant, "p50", LESS, "latency, median" + at, "ms", 0.01, steady.percentileMillis(50));
        add(variant, "p99", LESS, "latency, 99 %" + at, "ms", 0.01, steady.percentileMillis(99));
        add(variant, "p99.9", LESS, "latency, 99.9 %" + at, "ms", 0.01, steady.percentileMillis(99.9));
        add(variant, "rate", MORE, "answered of " + plan.rate + "/s", "1/s", plan.rate / 200.0, steady.rate());
        add(variant, ERRORS, LESS, "errors and unanswered", "requests", 1, trial.failures());
        add(variant, "cpu", LESS, "processor time" + at, "µs each", tick, micros * trial.cpuSeconds());
        add(variant, "start", LESS, "start to first answer", "ms", 1, trial.startMillis());
        add(variant, "memory", LESS, "resident memory, most", "MB", 1, trial.peakMegabytes());
        add(variant, "heap", LESS, "heap after the last collection", "MB", 0.1, recording.heapMegabytes);
        add(variant, "allocated", LESS, "allocated" + at, "MB " + inAll, 0.1, recording.sum("allocated"));
        add(variant, "", 0, "collections" + at, inAll, 1, recording.sum("collection"));
        add(variant, "pauses", LESS, "pauses" + at, "ms " + inAll, 0.1, recording.sum("pause"));
        add(variant, "pause", LESS, "longest pause" + at, "ms", 0.1, recording.longest("pause"));
        add(variant, "stalls", LESS, "waits for room in the heap" + at, "ms " + inAll, 0.1, waits);
        add(variant, "stall", LESS, "longest of these" + at, "ms", 0.1, recording.longest("stall"));
        add(variant, "failures", LESS, "collections that found no room" + at, inAll, 1, recording.sum("failure"));
        add(variant, "safepoints", LESS, "safepoints" + at, "ms " + inAll, 0.1, recording.sum("safepoint"));
        add(variant, "safepoint", LESS, "longest safepoint" + at, "ms", 0.1, recording.longest("safepoint"));
        add(variant, "reaching", LESS, "longest way to a safepoint" + at, "ms", 0.1, recording.longest("reaching"));
        add(variant, "throttled", LESS, "throttled" + at, "ms " + inAll, 0.1, trial.throttledMillis());
        add(variant, "", 0, "the load itself" + at, "µs each", tick, micros * steady.generatorCpuSeconds());
        report.latencies("Latency by percentile" + at, variant, steady.latencies());
    }

    private void add(String variant, String key, int better, String name, String unit, double grain, double value) {
        Measure measure = report.measure("jvm", name, unit);
        kinds.put(measure, new Kind(key, better, grain));
        measure.add(variant, value);
    }

    synchronized void add(Variant variant, Trial trial) {
        if (!trial.disturbance().isEmpty()) {
            disturbed.add(trial.name() + " (" + trial.disturbance() + ")");
        }
        if (plan.forced || trial.disturbance().isEmpty()) {
            trials.computeIfAbsent(variant.name(), _ -> new ArrayList<>()).add(trial);
        }
    }

    /// Whether enough forks count of the base, and of the base again, for others to be compared with.
    synchronized boolean hasBase(List<Variant> variants) {
        return variants.stream().limit(2).allMatch(each -> used(each).size() >= Plan.FEWEST_FORKS);
    }

    private List<Trial> used(Variant variant) {
        return trials.getOrDefault(variant.name(), List.of());
    }

    /// Fills the report with the forks of these variants, so far, and with what they come to. Returns the exit code.
    synchronized int conclude(List<Variant> variants) {
        if (trials.isEmpty() && disturbed.isEmpty()) {
            report.verdict("Nothing was measured.");
            return 0;
        }
        base = variants.getFirst().name();
        again = variants.get(1).name();
        report.put("base", Saved.describe(plan, variants.getFirst()));
        for (Variant variant : variants) {
            List<Trial> used = used(variant);
            judged.put(variant.name(), used);
            used.forEach(trial -> measure(variant.name(), trial));
            if (!used.isEmpty()) {
                var inUse = used.getFirst().recording().inUse;
                report.fact(variant.name(), variant.text() + " → in use: " + String.join(", ", inUse));
            }
        }
        kinds.forEach(this::judge);
        if (kinds.isEmpty()) {
            find(plan.failOn.isEmpty() ? TOO_FEW : UNCLEAR, "anything");
        }
        plot("Answers a second: warm-up, fixed rate, saturation", "lines", "1/s", Trial::throughput);
        plot("Pauses of the collector", "dots", "ms", trial -> trial.recording().all("pause"));
        plot("Resident memory", "lines", "MB", trial -> trial.recording().all("resident"));
        return verdict();
    }

    /// Adds what the recordings tell, of each variant's first fork.
    void explain() throws IOException, InterruptedException {
        for (var each : judged.entrySet()) {
            for (Trial first : each.getValue().stream().limit(1).toList()) {
                first.recording().explain(report, "Why: " + each.getKey());
            }
        }
    }

    /// What happens over time is shown of each variant's first fork.
    private void plot(String caption, String kind, String unit, Function<Trial, List<Point>> what) {
        Map<String, List<Point>> series = new LinkedHashMap<>();
        judged.forEach((name, forks) -> forks.stream().limit(1).forEach(fork -> series.put(name, what.apply(fork))));
        report.plot(new Plot(caption, kind, unit, series));
    }

    /// Remarks on what each variant measured, unless it is nothing at all in any of them. What an earlier run measured
    /// of the base stands beside: it shows how the machine drifts.
    private void judge(Measure measure, Kind kind) {
        if (kind.key.equals(ERRORS)) {
            measure.count("forks");
        }
        Map<String, String> remarks = new LinkedHashMap<>();
        judged.keySet().stream().skip(1).forEach(name -> remarks.put(name, remark(measure, kind, name)));
        if (measure.samples.values().stream().flatMap(List::stream).anyMatch(sample -> sample != 0)) {
            remarks.forEach(measure::remark);
            boolean alike = plan.saved != null && plan.saved.isLike(plan);
            List<Double> then = alike ? plan.saved.samples(measure.name) : List.of();
            then.forEach(sample -> measure.add(base + ", then", sample));
        }
    }

    private String remark(Measure measure, Kind kind, String name) {
        List<String> compared = List.of(base, again, name);
        boolean guarded = plan.failOn.contains(kind.key) && !name.equals(again);
        String what = guarded ? measure.name + " of " + name : measure.name;
        if (compared.stream().anyMatch(each -> judged.get(each).size() < Plan.FEWEST_FORKS)) {
            find(guarded ? UNCLEAR : TOO_FEW, guarded ? what : name);
            return "too few forks";
        }
        if (measure.name.contains(" at ") && !compared.stream().allMatch(this::held)) {
            if (guarded) { // a stall of the disk ends one fork, a service that is too slow most
                long held = judged.get(name).stream().filter(Trial::held).count();
                boolean late = 2 * held < judged.get(name).size() && held(base) && held(again);
                find(late ? FAILED : UNCLEAR, what);
            }
            return "not comparable";
        }
        if (kind.key.equals(ERRORS)) {
            return errors(measure, name, guarded);
        }
        List<Double> before = new ArrayList<>(measure.samples.get(base));
        if (!name.equals(again)) {
            before.addAll(measure.samples.get(again)); // both turns of the base are one and the same
        }
        boolean decides = plan.failOn.contains(kind.key); // beside nothing but what else does
        int together = decides ? plan.failOn.size() : kinds.size();
        var difference = Difference.of(before, measure.samples.get(name), kind.grain, together);
        if (decides && difference.isNoise() && difference.isBlind()) {
            find(UNCLEAR, what);
        }
        if (name.equals(again)) {
            if (!difference.isNoise()) {
                find("The base differs from itself (A/A), so do not believe what is said of", what);
                if (decides) {
                    find(UNCLEAR, what);
                }
            }
            if (difference.isBlind()) {
                find("Too noisy to see a half more or less of", what);
            }
        } else if (difference.isWorse(kind.better)) {
            worse(measure, name, guarded);
        } else if (!difference.isNoise()) {
            find(name + (kind.better == 0 ? " differs" : " is better") + " beyond the noise in", measure.name);
        }
        return difference.toString(kind.better);
    }

    /// Of errors it is worth knowing in how many forks they were. They are worse if each fork of a variant has more
    /// than any of the base; if only some have, nobody knows.
    private String errors(Measure measure, String name, boolean guarded) {
        var samples = measure.samples;
        List<Double> errors = samples.get(name);
        double most = Math.max(Collections.max(samples.get(base)), Collections.max(samples.get(again)));
        boolean worse = Collections.min(errors) > most;
        if (worse) {
            worse(measure, name, guarded);
        } else if (guarded && Collections.max(errors) > most) {
            find(UNCLEAR, measure.name + " of " + name);
        }
        double sum = errors.stream().mapToDouble(each -> each).sum();
        return (worse ? "worse: " : "") + measure.shown(name) + " (%,.0f in all)".formatted(sum);
    }

    private void worse(Measure measure, String name, boolean guarded) {
        find(name + " is worse beyond the noise in", measure.name);
        if (guarded) {
            find(FAILED, measure.name + " of " + name);
        }
    }

    private boolean held(String name) {
        return judged.get(name).stream().allMatch(Trial::held);
    }

    private void find(String what, String of) {
        found.computeIfAbsent(what, _ -> new LinkedHashSet<>()).add(of);
    }

    /// What the measures come to, and what weakens it. Returns the exit code.
    private int verdict() {
        found.keySet().stream()
                .sorted(Comparator.comparing(what -> !what.contains("--fail-on"))) // first, what one is called for
                .forEach(what -> report.verdict(what + ": " + String.join("; ", found.get(what)) + "."));
        judged.forEach((name, forks) -> {
            List<Double> late = forks.stream()
                    .filter(fork -> !fork.held())
                    .map(fork -> fork.steady().rate())
                    .toList();
            if (!late.isEmpty()) {
                String rate = Measure.format(Measure.median(late));
                report.verdict(
                        "%s did not hold %d/s: answered %s/s in %d of %d forks; its latencies are not comparable."
                                .formatted(name, plan.rate, rate, late.size(), forks.size()));
            }
        });
        boolean allHeld = judged.keySet().stream().allMatch(this::held);
        if (allHeld && found.keySet().stream().allMatch(what -> what.startsWith("Too noisy"))) {
            report.verdict("Nothing differs from the base beyond the noise.");
        }
        if (!disturbed.isEmpty()) {
            String fate = plan.forced ? "count, because of --force" : "are left out";
            report.verdict("Disturbed forks (%d), which %s: %s."
                    .formatted(disturbed.size(), fate, String.join("; ", disturbed)));
        }
        int fewest = judged.values().stream().mapToInt(List::size).min().orElse(0);
        if (fewest < Plan.FULL_FORKS) {
            report.verdict("Few forks of a variant (%d) say little: a full run has %d, and --forks more."
                    .formatted(fewest, Plan.FULL_FORKS));
        }
        return found.containsKey(FAILED) ? 1 : found.containsKey(UNCLEAR) ? 3 : 0;
    }
}
