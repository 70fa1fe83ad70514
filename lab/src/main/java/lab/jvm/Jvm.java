package lab.jvm;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import lab.load.Bed;
import lab.load.Cgroup;
import lab.report.Machine;
import lab.report.Report;
import lab.stack.Stack;
import org.apache.commons.lang3.function.Failable;

/// `./build.sh jvm`: runs one service on several variants of the JVM under the same load, and says what differs beyond
/// noise. Each fork is a fresh process; the variants follow one another in turns, so that what the machine does
/// meanwhile happens to all. What the variants are is in [Sets].
public final class Jvm {
    private static final int BAD_USAGE = 2;
    private static final int CTRL_C = 130;
    private static final int LINES_SHOWN = 8;

    private final Plan plan;
    private final Report report = new Report("The JVM laboratory");
    private final Comparison comparison;
    private final String time = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    private final Path folder = Stack.root().resolve("target", "jvm", time.replace(':', '-'));
    private final Queue<String> log = new ConcurrentLinkedQueue<>();
    private final List<String> failures = new ArrayList<>();
    private final List<Variant> variants = new CopyOnWriteArrayList<>();
    private volatile boolean stopped;
    private boolean concluded;

    private Jvm(Plan plan) {
        this.plan = plan;
        this.comparison = new Comparison(plan, report);
    }

    /// Returns the exit code: 1 if a variant failed, nothing was saved, or one is worse in what `--fail-on` names; 3 if
    /// that cannot be told; 2 on a busy machine.
    public static int run(Plan asked) throws Exception {
        Plan plan = asked.checked();
        plan.variants.forEach(each -> new Cgroup(each.limits()).close()); // or refuses
        var jvm = new Jvm(plan);
        if (!Machine.isFitFor(jvm.report, "jvm", plan.arguments(), plan.forced)) {
            return BAD_USAGE;
        }
        Runtime.getRuntime().addShutdownHook(new Thread(jvm::stop, "report"));
        try {
            jvm.measure();
            return jvm.conclude();
        } catch (Exception e) {
            if (jvm.isStopped()) {
                return CTRL_C;
            }
            throw e;
        }
    }

    private void measure() throws Exception {
        report.fact("Each fork", plan.description());
        report.note("≈ is within the noise. In brackets: where the difference to the base lies, by Student's t over"
                + " forks, so wide that 98 of 100 variants that are the same as the base show none in any measure."
                + " Memory includes some 15 MB for the flight recorder.");
        try (var bed = new Bed(folder, log::add)) {
            var workload = new Workload(plan, bed, folder);
            bed.stack.startStores();
            Saved.keepService(plan.service, folder);
            variants.addAll(Sets.of(plan, workload));
            for (int fork = 1; fork <= plan.forks; fork++) {
                round(fork, variants, workload);
            }
        }
    }

    /// What there is, also after a Ctrl-C in the middle.
    private synchronized int conclude() throws IOException, InterruptedException {
        concluded = true;
        boolean saved = plan.save != null && !stopped && comparison.hasBase(variants);
        if (plan.save != null && !saved) {
            String why = stopped ? "this was cut short" : "too few forks of the base are undisturbed";
            failures.add("NOT SAVED as %s, for %s: what was saved by that name before is as it was."
                    .formatted(plan.save, why));
        }
        failures.forEach(report::verdict);
        int exitCode = comparison.conclude(variants);
        report.write(folder); // before the recordings are asked, which takes a while
        System.out.println("\n" + report.verdict());
        if (!stopped) {
            comparison.explain();
            report.write(folder);
        }
        Path written = saved ? Saved.keep(folder, plan.save) : folder;
        System.out.println("Written: " + written.resolve("report.html"));
        return failures.isEmpty() ? exitCode : 1;
    }

    private synchronized void stop() {
        stopped = !concluded;
        if (stopped) {
            report.verdict("CUT SHORT: this is what was measured until then.");
            Failable.run(this::conclude);
        }
    }

    /// Whether a failure is none, but the Ctrl-C that ended what failed.
    private boolean isStopped() throws InterruptedException {
        TimeUnit.SECONDS.sleep(1); // after which we know of it
        return stopped;
    }

    /// Each variant once; those that were disturbed again, but no more often than there are variants. One that fails is
    /// reported and left out from then on.
    private void round(int fork, List<Variant> variants, Workload workload) throws Exception {
        List<Variant> order = order(variants, plan.seed, fork);
        int repeats = plan.forced ? 0 : order.size();
        while (!order.isEmpty()) {
            Variant variant = order.removeFirst();
            if (!plan.forced) {
                Machine.awaitCalm();
            }
            log.clear();
            String name = variant.fileName() + "-" + fork;
            try {
                Trial trial = Trial.run(workload, variant, name);
                System.out.printf("  %d/%d %-20s %s%n", fork, plan.forks, variant.name(), trial.summary());
                if (!trial.disturbance().isEmpty() && repeats-- > 0) {
                    order.addLast(variant);
                } else {
                    comparison.add(variant, trial);
                }
            } catch (IllegalStateException e) {
                if (isStopped()) {
                    throw e;
                }
                Stream<String> last = log.stream().skip(Math.max(0, log.size() - LINES_SHOWN));
                String words = last.map(String::strip).collect(Collectors.joining(" / "));
                String failure = "FAILED: %s (%s): %s. Its last words: %s"
                        .formatted(variant.name(), variant.text(), e.getMessage(), words);
                if (variants.indexOf(variant) < 2) {
                    throw new IllegalStateException("There is nothing to compare with. " + failure, e);
                }
                System.err.println(failure);
                failures.add(failure);
                variants.remove(variant);
            }
        }
    }

    /// One order for every two rounds, forth and back, so that who came early comes late.
    static <T> List<T> order(List<T> variants, long seed, int fork) {
        List<T> order = new ArrayList<>(variants);
        Collections.shuffle(order, new SplittableRandom(seed + (fork + 1) / 2)); // Random's first draws are alike
        return fork % 2 == 0 ? order.reversed() : order;
    }
}
