package lab.report;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import lab.load.Cgroup;
import lab.stack.Stack;

/// The machine that is measured on: what it is, and whether it has something else to do.
public final class Machine {
    private static final double BUSY = 0.15;
    private static final int LONGEST_WAIT_SECONDS = 3;

    /// What is told, the file of Linux that tells it, a value that spoils a comparison, and how it does.
    private static final String KERNEL = """
            Governor | /sys/devices/system/cpu/cpu0/cpufreq/scaling_governor | (?!performance).+ | lets the clock follow the load
            Boost | /sys/devices/system/cpu/cpufreq/boost | 1 | makes a processor faster while it is cool and the others rest
            No turbo | /sys/devices/system/cpu/intel_pstate/no_turbo | 0 | makes a processor faster while it is cool and the others rest
            Transparent huge pages | /sys/kernel/mm/transparent_hugepage/enabled | .*\\[always].* | gives huge pages to some heaps
            """;

    private static final OperatingSystemMXBean SYSTEM =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private Machine() {}

    /// Notes in a report what is measured on, and says whether to go on: not on a busy machine, unless it is forced.
    public static boolean isFitFor(Report report, String command, List<String> arguments, boolean forced)
            throws IOException, InterruptedException {
        double load = awaitLow();
        String percent = "%.0f %%".formatted(100 * load);
        if (load > BUSY && !forced) {
            System.err.println("Something else keeps this machine busy (" + percent
                    + " of its processors): figures would be about that. End it, or say --force.");
            return false;
        }
        report.fact("Date", Instant.now().truncatedTo(ChronoUnit.MINUTES).toString());
        describe(report);
        report.fact("JDK", System.getProperty("java.vendor") + " " + Runtime.version());
        report.fact("Command", "./build.sh " + command + " " + String.join(" ", arguments));
        if (load > BUSY) {
            report.note("The machine was busy with something else when this began: " + percent + ".");
        }
        return true;
    }

    /// What is measured on, as far as this system tells it, and a note on what spoils a comparison.
    private static void describe(Report report) throws IOException {
        String model = Cgroup.text("/proc/cpuinfo").replaceFirst("(?s).*?(?:model name\\s*: ([^\n]*).*|$)", "$1");
        String system = "%s %s %s".formatted(SYSTEM.getName(), SYSTEM.getVersion(), SYSTEM.getArch());
        String memory = "%.0f GB".formatted(SYSTEM.getTotalMemorySize() / 1e9);
        report.fact(
                "Machine", SYSTEM.getAvailableProcessors() + " processors " + String.join(", ", model, memory, system));
        KERNEL.lines().map(line -> line.split(" \\| ")).forEach(row -> {
            tell(report, row[0], Cgroup.text(row[1]), row[2], row[3]);
        });
        String quota = "limits service, stores and load together: what one takes, another lacks";
        tell(report, "Quota of the lab's own cgroup", Cgroup.quota(), ".+", quota);
        String steal = Cgroup.text("/proc/stat").replaceFirst("(?s)cpu +(?:\\d+ ){7}(\\d+) .*", "$1 ticks of 10 ms");
        tell(report, "Stolen by the hypervisor so far", steal, "[1-9].*", "comes and goes");
        FileStore disk = Files.getFileStore(Stack.root());
        String tmpfs = "is no disk, and whatever waits for one is faster here than elsewhere";
        tell(report, "Disk of the stores", disk.type() + ", " + disk.name(), "tmpfs.*", tmpfs);
    }

    /// @param spoiling values of it, which do so by how they are described
    private static void tell(Report report, String name, String value, String spoiling, String how) {
        if (!value.isEmpty()) {
            report.fact(name, value);
        }
        if (value.matches(spoiling)) {
            report.note("%s: %s, which %s.".formatted(name, value, how));
        }
    }

    /// Waits some seconds for a quiet moment, for use while nothing of ours runs, and says whether there was one.
    public static boolean awaitCalm() throws InterruptedException {
        return awaitLow() <= BUSY;
    }

    /// The share of all processors that is busy during half a second; the first that is low, or the last.
    private static double awaitLow() throws InterruptedException {
        long giveUp = System.nanoTime() + LONGEST_WAIT_SECONDS * 1_000_000_000L;
        double load;
        do {
            SYSTEM.getCpuLoad(); // from here on
            Thread.sleep(500); // the time it is measured over
            load = SYSTEM.getCpuLoad();
        } while (load > BUSY && System.nanoTime() < giveUp);
        return load;
    }
}
