package lab.load;

import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What else this machine does while we measure, second by second: programs that are not ours, and other machines that
/// the hypervisor gives our time to. From Linux' `/proc`; elsewhere nothing is known of it.
public final class Neighbours implements AutoCloseable {
    /// The share of all processors in any one second, from which on a measurement counts as disturbed.
    private static final double BEARABLE = 0.1;

    /// Less than a quarter of a second, such as what is left at the end, says nothing: a tick is 10 ms.
    private static final int FEWEST_TICKS = 25 * Runtime.getRuntime().availableProcessors();

    private final List<ProcessHandle> ours;
    private final long throttledBefore = Cgroup.timesThrottled();
    private final Thread watch = Thread.ofPlatform().daemon().name("neighbours").unstarted(this::watch);
    private volatile double stolen;

    /// The share that programs which are not ours had of all processors, in the second in which it was largest.
    volatile double others;

    /// @param ours the processes that belong to the measurement, with all that they started; we ourselves always do
    public Neighbours(List<ProcessHandle> ours) {
        this.ours =
                Stream.concat(Stream.of(ProcessHandle.current()), ours.stream()).toList();
        if (!Cgroup.text("/proc/stat").isEmpty()) {
            watch.start();
        }
    }

    /// What has passed on all processors together so far, what was stolen, and what programs that are not ours have
    /// used of it; in the same ticks. The last is summed up over processes, whose time Linux measures: that of a
    /// processor it samples every few milliseconds, and a load that comes in the same rhythm looks twice as large.
    record Sample(double all, double stolen, double others) {
        static Sample take(List<ProcessHandle> ours) {
            // cpu user nice system idle iowait irq softirq steal …
            String[] cpu = Cgroup.text("/proc/stat").split("\\s+", 10);
            Set<ProcessHandle> others = ProcessHandle.allProcesses().collect(Collectors.toSet());
            ours.stream()
                    .flatMap(each -> Stream.concat(each.descendants(), Stream.of(each)))
                    .forEach(others::remove);
            double used = others.stream()
                    .sorted(Comparator.reverseOrder()) // children first: what one used is its parent's after its end
                    .map(each -> Cgroup.text("/proc/" + each.pid() + "/stat")) // or nothing: it has ended meanwhile
                    .map(stat -> stat.replaceFirst(".*\\) ", "").split(" "))
                    .mapToDouble(stat -> sum(stat, 11, 4)) // user and system, its own and of children that have ended
                    .sum();
            return new Sample(sum(cpu, 1, 8), sum(cpu, 8, 1), used);
        }

        private static double sum(String[] numbers, int from, int count) {
            return Stream.of(numbers)
                    .skip(from)
                    .limit(count)
                    .mapToDouble(Double::parseDouble)
                    .sum();
        }
    }

    private void watch() {
        boolean ended = false;
        for (Sample before = Sample.take(ours); !ended; ) {
            try {
                Thread.sleep(1000); // the time a share is taken over
            } catch (InterruptedException _) {
                ended = true;
            }
            Sample now = Sample.take(ours);
            double all = now.all - before.all;
            if (all >= FEWEST_TICKS) {
                others = Math.max(others, (now.others - before.others) / all);
                stolen = Math.max(stolen, (now.stolen - before.stolen) / all);
            }
            before = now;
        }
    }

    /// Stops watching, and says in a few words what disturbed, or nothing.
    public String disturbance() throws InterruptedException {
        close();
        watch.join();
        long throttled = Cgroup.timesThrottled() - throttledBefore;
        return Stream.of(
                        others > BEARABLE ? "others took %.0f %% of the processors".formatted(100 * others) : "",
                        stolen > BEARABLE ? "the hypervisor took %.0f %% of them".formatted(100 * stolen) : "",
                        throttled > 0 ? "the lab's own container was throttled %d times".formatted(throttled) : "")
                .filter(words -> !words.isEmpty())
                .collect(Collectors.joining(", "));
    }

    @Override
    public void close() {
        watch.interrupt();
    }
}
