package lab.jvm;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import lab.report.Measure;
import lab.report.Numbers;
import lab.report.Plot;
import lab.report.Plot.Point;
import lab.report.Report;

/// Gathers the forks of all variants into a report, and says which differences are more than noise.
final class Comparison {
    private static final int MORE = 1;
    private static final int LESS = -1;
    private static final int FEWEST_FORKS = 3;
    private static final int FORKS_OF_A_FULL_RUN = 7;
    private static final double LARGE = 0.5;
    private static final String ERRORS = "errors";
    private static final String WORSE = " is worse beyond the noise in";
    private static final String BETTER = " is better beyond the noise in";
    private static final String DIFFERS = " differs beyond the noise in";
    private static final String FAILED = "WORSE, of what --fail-on names";
    private static final String UNCLEAR = "NOT JUDGED, of what --fail-on names";
    private static final String TOO_FEW = "Too few forks that nothing disturbed to judge";

    /// What is measured of each fork.
    ///
    /// @param key what `--fail-on` calls it
    /// @param better which is: [#MORE], [#LESS], or neither (0)
    /// @param grain what it cannot tell apart
    /// @param atRate whether it says nothing of a fork that did not hold the rate
    private record Kind(
            String key,
            int better,
            String name,
            String unit,
            double grain,
            boolean atRate,
            ToDoubleFunction<Trial> of) {
        static Kind less(String key, String name, String unit, double grain, ToDoubleFunction<Trial> of) {
            return new Kind(key, LESS, name, unit, grain, name.contains(" at "), of);
        }
    }

    private final Plan plan;
    private final Report report;
    private final List<Kind> kinds;
    private final Map<Variant, List<Trial>> trials = new LinkedHashMap<>();

    /// The forks that are judged, by the names of the variants in their order, the base and the base again first.
    private final Map<String, List<Trial>> judged = new LinkedHashMap<>();

    /// Measures, by what is said of them.
    private final Map<String, List<String>> found = new LinkedHashMap<>();

    Comparison(Plan plan, Report report) {
        this.plan = plan;
        this.report = report;
        this.kinds = kinds(plan.rate, plan.seconds);
    }

    private static List<Kind> kinds(int rate, int seconds) {
        String at = " at " + rate + "/s";
        String inAll = "ms in " + seconds + " s";
        return List.of(
                new Kind(
                        "throughput",
                        MORE,
                        "throughput, saturated",
                        "1/s",
                        1,
                        false,
                        trial -> trial.saturated().rate()),
                Kind.less(
                        "p50",
                        "latency, median" + at,
                        "ms",
                        0.01,
                        trial -> trial.steady().percentileMillis(50)),
                Kind.less(
                        "p99",
                        "latency, 99 %" + at,
                        "ms",
                        0.01,
                        trial -> trial.steady().percentileMillis(99)),
                Kind.less(
                        "p99.9",
                        "latency, 99.9 %" + at,
                        "ms",
                        0.01,
                        trial -> trial.steady().percentileMillis(99.9)),
                new Kind(
                        "rate",
                        MORE,
                        "answered of " + rate + "/s",
                        "1/s",
                        rate / 200.0,
                        false,
                        trial -> trial.steady().rate()),
                Kind.less(ERRORS, "forks with errors", "", 1, Trial::failures),
                Kind.less(
                        "cpu",
                        "processor time" + at,
                        "µs each",
                        2e4 / rate / seconds,
                        trial -> 1e6
                                * trial.cpuSeconds()
                                / Math.max(1, trial.steady().answered())),
                Kind.less("start", "start to first answer", "ms", 1, Trial::startMillis),
                Kind.less("memory", "resident memory, most", "MB", 1, Trial::peakMegabytes),
                Kind.less(
                        "heap",
                        "heap after the last collection",
                        "MB",
                        0.1,
                        trial -> trial.recording().heapAfterMegabytes),
                Kind.less(
                        "allocated",
                        "allocated" + at,
                        "MB/s",
                        0.1,
                        trial -> trial.recording().allocatedMegabytes / seconds),
                new Kind(
                        "collections",
                        0,
                        "collections" + at,
                        "in " + seconds + " s",
                        1,
                        true,
                        trial -> trial.recording().collections),
                Kind.less(
                        "pauses",
                        "pauses" + at,
                        inAll,
                        0.1,
                        trial -> trial.recording().pauses.getSum()),
                Kind.less(
                        "pause", "longest pause" + at, "ms", 0.1, trial -> Recording.longest(trial.recording().pauses)),
                Kind.less(
                        "stalls",
                        "waits for room in the heap" + at,
                        inAll,
                        0.1,
                        trial -> trial.recording().stalls.getSum() + trial.recording().pacedMillis),
                Kind.less(
                        "stall",
                        "longest of these" + at,
                        "ms",
                        0.1,
                        trial -> Recording.longest(trial.recording().stalls)),
                Kind.less(
                        "failures",
                        "collections without room" + at,
                        "in " + seconds + " s",
                        1,
                        trial -> trial.recording().failures),
                Kind.less(
                        "safepoints",
                        "safepoints" + at,
                        inAll,
                        0.1,
                        trial -> trial.recording().safepoints.getSum()),
                Kind.less(
                        "safepoint",
                        "longest safepoint" + at,
                        "ms",
                        0.1,
                        trial -> Recording.longest(trial.recording().safepoints)),
                Kind.less(
                        "reaching",
                        "longest way to one" + at,
                        "ms",
                        0.1,
                        trial -> Recording.longest(trial.recording().reaching)),
                Kind.less("throttled", "throttled" + at, inAll, 0.1, Trial::throttledMillis),
                new Kind(
                        "generator",
                        0,
                        "the load's own processor time" + at,
                        "µs each",
                        2e4 / rate / seconds,
                        true,
                        trial -> 1e6
                                * trial.steady().generatorCpuSeconds()
                                / Math.max(1, trial.steady().answered())));
    }

    /// What `--fail-on` may name.
    static List<String> keys() {
        return kinds(1, 1).stream().map(Kind::key).toList();
    }

    synchronized void add(Variant variant, Trial trial) {
        trials.computeIfAbsent(variant, _ -> new ArrayList<>()).add(trial);
    }

    /// Fills the report with the forks of these variants, so far, and with what they come to. Returns the exit code.
    synchronized int conclude(List<Variant> variants) {
        if (trials.isEmpty()) {
            report.verdict("Nothing was measured.");
            return 0;
        }
        report.put("base", Saved.describe(plan, variants.getFirst()));
        variants.stream().filter(trials::containsKey).forEach(variant -> {
            List<Trial> all = trials.get(variant);
            judged.put(
                    variant.name(),
                    all.stream()
                            .filter(trial -> plan.forced || trial.disturbance().isEmpty())
                            .toList());
            report.fact(
                    variant.name(),
                    "%s → in use: %s; %s"
                            .formatted(
                                    variant.description(),
                                    Jcmd.inUse(all.getFirst().flags()),
                                    all.getFirst().jdk()));
            all.forEach(trial -> report.latencies(
                    "Latency by percentile at %d/s".formatted(plan.rate),
                    variant.name(),
                    trial.steady().latencies()));
        });
        kinds.stream()
                .filter(kind -> judged.values().stream()
                        .flatMap(List::stream)
                        .anyMatch(trial -> kind.of.applyAsDouble(trial) != 0))
                .forEach(this::judge);
        plot("Answers a second: warm-up, fixed rate, saturation", "lines", "1/s", Trial::throughput);
        plot("Pauses for garbage collection", "dots", "ms", trial -> trial.recording().allPauses);
        plot("Resident memory", "lines", "MB", trial -> trial.recording().memory);
        return verdict();
    }

    /// What happens over time is shown of each variant's first fork.
    private void plot(String caption, String kind, String unit, Function<Trial, List<Point>> what) {
        Map<String, List<Point>> series = new LinkedHashMap<>();
        trials.forEach((variant, all) -> series.put(variant.name(), what.apply(all.getFirst())));
        report.plot(new Plot(caption, kind, unit, series));
    }

    private void judge(Kind kind) {
        Measure measure = report.measure("jvm", kind.name, kind.unit);
        judged.forEach((name, forks) -> forks.forEach(fork -> measure.add(name, kind.of.applyAsDouble(fork))));
        if (kind.key.equals(ERRORS)) {
            measure.count("forks");
        }
        names().skip(1).forEach(name -> measure.remark(name, remark(kind, measure, name)));
    }

    private Stream<String> names() {
        return judged.keySet().stream();
    }

    private String remark(Kind kind, Measure measure, String name) {
        String base = names().findFirst().orElseThrow();
        String again = names().skip(1).findFirst().orElseThrow();
        boolean failing = plan.failOn.contains(kind.key) && !name.equals(again);
        List<String> compared = List.of(base, again, name);
        if (compared.stream().anyMatch(each -> judged.get(each).size() < FEWEST_FORKS)) {
            find(failing ? UNCLEAR : TOO_FEW, failing ? kind.name + " of " + name : name);
            return "too few forks";
        }
        if (kind.key.equals(ERRORS)) {
            boolean all = measure.samples.get(name).stream().allMatch(errors -> errors > 0);
            boolean worse = all
                    && compared.stream()
                            .limit(2)
                            .flatMap(each -> measure.samples.get(each).stream())
                            .allMatch(errors -> errors == 0);
            if (worse) {
                find(name + WORSE, kind.name);
                failOn(failing, kind, name);
            }
            return (worse ? "worse " : "")
                    + "%s (%,.0f errors)"
                            .formatted(
                                    measure.shown(name),
                                    measure.samples.get(name).stream()
                                            .mapToDouble(each -> each)
                                            .sum());
        }
        if (kind.atRate && !compared.stream().allMatch(this::held)) {
            failOn(failing && held(base) && held(again), kind, name);
            return "not comparable";
        }
        var difference = difference(kind, measure, base, again, name);
        if (name.equals(again)) {
            saved(kind, measure, base);
            if (!difference.isNoise()) {
                find("The base differs from itself (A/A), so do not believe what is said of", kind.name);
            }
            if (difference.blindness() > LARGE) {
                find("Too noisy to see a difference of a half", kind.name);
            }
        } else if (!difference.isNoise()) {
            find(name + (difference.isWorse(kind.better) ? WORSE : kind.better == 0 ? DIFFERS : BETTER), kind.name);
            failOn(
                    failing
                            && difference.isWorse(kind.better)
                            && difference(kind, measure, again, base, name).isWorse(kind.better),
                    kind,
                    name);
        }
        return difference.toString(kind.better);
    }

    private Difference difference(Kind kind, Measure measure, String base, String again, String name) {
        return Difference.of(
                measure.samples.get(base),
                measure.samples.get(again),
                measure.samples.get(name),
                kind.grain,
                kinds.size());
    }

    private void failOn(boolean failed, Kind kind, String name) {
        if (failed) {
            find(FAILED, kind.name + " of " + name);
        }
    }

    /// Sees what the machine does to the same jars and flags today.
    private void saved(Kind kind, Measure measure, String base) {
        List<Double> then = plan.saved == null ? List.of() : plan.saved.samples(kind.name);
        var difference =
                then.isEmpty() ? null : Difference.of(then, then, measure.samples.get(base), kind.grain, kinds.size());
        if (difference != null && !difference.isNoise()) {
            find(
                    base
                            + " itself is not what it was when it was saved (which is the machine's drift, and in no comparison)",
                    kind.name + " " + difference.toString(kind.better));
        }
    }

    private boolean held(String name) {
        return judged.get(name).stream().allMatch(Trial::held);
    }

    private void find(String what, String of) {
        List<String> all = found.computeIfAbsent(what, _ -> new ArrayList<>());
        if (!all.contains(of)) {
            all.add(of);
        }
    }

    /// What the measures come to, worst news first. Returns the exit code.
    private int verdict() {
        names().forEach(name -> {
            List<Trial> late =
                    judged.get(name).stream().filter(trial -> !trial.held()).toList();
            if (!late.isEmpty()) {
                report.verdict(
                        "%s did not hold %d/s: it answered %s/s in %d of %d forks; its latencies are not comparable."
                                .formatted(
                                        name,
                                        plan.rate,
                                        Numbers.format(Numbers.median(late.stream()
                                                .map(trial -> trial.steady().rate())
                                                .toList())),
                                        late.size(),
                                        judged.get(name).size()));
            }
        });
        found.forEach((what, measures) -> report.verdict(what + ": " + String.join(", ", measures) + "."));
        if (judged.size() > 2
                && found.keySet().stream()
                        .noneMatch(what -> what.matches(".*(%s|%s|%s)".formatted(WORSE, BETTER, DIFFERS)))) {
            report.verdict("Nothing differs from the base beyond the noise.");
        }
        disturbed();
        int fewest = judged.values().stream().mapToInt(List::size).min().orElse(0);
        if (fewest < FORKS_OF_A_FULL_RUN) {
            report.verdict("%d forks of a variant say little: a full run has %d, and --forks more."
                    .formatted(fewest, FORKS_OF_A_FULL_RUN));
        }
        return found.containsKey(FAILED) ? 1 : found.containsKey(UNCLEAR) ? 3 : 0;
    }

    private void disturbed() {
        List<String> disturbed = new ArrayList<>();
        trials.forEach((variant, all) -> all.stream()
                .filter(trial -> !trial.disturbance().isEmpty())
                .forEach(
                        trial -> disturbed.add("%s (%s)".formatted(trial.files().getFileName(), trial.disturbance()))));
        if (!disturbed.isEmpty()) {
            report.verdict("%d forks were disturbed %s: %s."
                    .formatted(
                            disturbed.size(),
                            plan.forced ? "and count, because of --force" : "and are left out",
                            String.join("; ", disturbed)));
        }
    }
}
