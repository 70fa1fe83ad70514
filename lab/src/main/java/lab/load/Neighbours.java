package lab.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// What else this machine does while we measure, second by second: programs that are not ours, and other machines that
/// the hypervisor gives our time to. From Linux' `/proc`; elsewhere nothing is known of it. Our stores and our load
/// are part of the experiment and do not count.
public final class Neighbours implements AutoCloseable {
    /// The share of all processors in any one second, from which on a measurement counts as disturbed.
    private static final double BEARABLE = 0.1;

    private static final double TICKS_A_SECOND = 100; // which /proc counts in, on every architecture
    private final List<ProcessHandle> ours;
    private final long throttledBefore = Cgroup.timesThrottled();
    private final Thread watch = Thread.ofPlatform().daemon().name("neighbours").unstarted(this::watch);
    private volatile double others;
    private volatile double stolen;

    /// @param ours the processes that belong to the measurement, with all that they started; we ourselves always do
    public Neighbours(List<ProcessHandle> ours) {
        this.ours =
                Stream.concat(Stream.of(ProcessHandle.current()), ours.stream()).toList();
        if (Files.exists(Path.of("/proc/stat"))) {
            watch.start();
        }
    }

    /// What has been used by all, by us, and of the hypervisor's others so far, in seconds of one processor.
    record Sample(long nanos, int processors, double all, double ours, double stolen) {
        static Sample take(List<ProcessHandle> ours) throws IOException {
            long nanos = System.nanoTime();
            List<String> lines = Files.readAllLines(Path.of("/proc/stat"));
            String[] all = lines.getFirst().split(" +"); // cpu user nice system idle iowait irq softirq steal …
            int processors = (int)
                    lines.stream().filter(line -> line.matches("cpu\\d.*")).count();
            return new Sample(
                    nanos,
                    processors,
                    sum(all, 1, 4),
                    // children first: what one of them used is its parent's when it has ended, and missing in between
                    ours.stream()
                            .flatMap(each -> Stream.concat(each.descendants(), Stream.of(each)))
                            .distinct()
                            .sorted(Comparator.comparing(ProcessHandle::pid).reversed())
                            .mapToDouble(Sample::used)
                            .sum(),
                    sum(all, 8, 9));
        }

        /// By a process and by those of its children that have ended.
        private static double used(ProcessHandle process) {
            try {
                String stat = Files.readString(Path.of("/proc", Long.toString(process.pid()), "stat"));
                return sum(stat.substring(stat.lastIndexOf(')') + 2).split(" "), 11, 15);
            } catch (IOException _) {
                return 0; // it has ended meanwhile
            }
        }

        private static double sum(String[] ticks, int from, int to) {
            return Stream.of(ticks)
                            .skip(from)
                            .limit(to - from)
                            .mapToDouble(Double::parseDouble)
                            .sum()
                    / TICKS_A_SECOND;
        }

        double shareSince(Sample before, double seconds) {
            return seconds / ((nanos - before.nanos) / 1e9 * processors);
        }
    }

    private void watch() {
        try {
            for (Sample before = Sample.take(ours); ; ) {
                Thread.sleep(1000); // the time a share is taken over
                Sample now = Sample.take(ours);
                others = Math.max(others, now.shareSince(before, now.all - before.all - (now.ours - before.ours)));
                stolen = Math.max(stolen, now.shareSince(before, now.stolen - before.stolen));
                before = now;
            }
        } catch (InterruptedException _) {
            // that was all
        } catch (IOException e) {
            throw new IllegalStateException("Linux tells nothing of its load any more", e);
        }
    }

    /// The share that programs which are not ours had of all processors, in the second in which it was largest.
    double others() {
        return others;
    }

    /// Stops watching, and says in a few words what disturbed, or nothing.
    public String disturbance() throws InterruptedException {
        close();
        watch.join();
        long throttled = Cgroup.timesThrottled() - throttledBefore;
        var words = Stream.<String>builder();
        if (others > BEARABLE) {
            words.add("others took %.0f %% of the processors".formatted(100 * others));
        }
        if (stolen > BEARABLE) {
            words.add("the hypervisor took %.0f %% of them".formatted(100 * stolen));
        }
        if (throttled > 0) {
            words.add("the lab's own container was throttled %d times".formatted(throttled));
        }
        return String.join(", ", words.build().toList());
    }

    @Override
    public void close() {
        watch.interrupt();
    }
}
