package lab.report;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.Stream;
import lab.load.Cgroup;
import lab.stack.Stack;

/// The machine that is measured on: what it is, and whether it has something else to do.
public final class Machine {
    private static final double BUSY = 0.15;
    private static final int LONGEST_WAIT_SECONDS = 3;
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
        String model = Cgroup.text("/proc/cpuinfo")
                .lines()
                .filter(line -> line.startsWith("model name"))
                .map(line -> line.replaceFirst(".*: ", ""))
                .findFirst()
                .orElse("unknown");
        report.fact(
                "Machine",
                "%d processors (%s), %.0f GB, %s %s %s"
                        .formatted(
                                SYSTEM.getAvailableProcessors(),
                                model,
                                SYSTEM.getTotalMemorySize() / 1e9,
                                System.getProperty("os.name"),
                                System.getProperty("os.version"),
                                SYSTEM.getArch()));
        String cpus = "/sys/devices/system/cpu/";
        String governor = Cgroup.text(cpus + "cpu0/cpufreq/scaling_governor");
        tell(
                report,
                "Governor",
                governor,
                !governor.equals("performance"),
                "lets the clock follow the load, so that"
                        + " who works less is slower: sudo cpupower frequency-set -g performance");
        boolean turbo = Cgroup.text(cpus + "cpufreq/boost").equals("1")
                || Cgroup.text(cpus + "intel_pstate/no_turbo").equals("0");
        tell(report, "Turbo", turbo ? "on" : "", true, "makes a processor faster while it is cool and the others rest");
        String pages =
                Cgroup.text("/sys/kernel/mm/transparent_hugepage/enabled").replaceFirst(".*\\[(.*)].*", "$1");
        tell(
                report,
                "Transparent huge pages",
                pages,
                pages.equals("always"),
                "gives some heaps huge pages and others none, and resident" + " memory is more than what is used");
        tell(
                report,
                "Quota of the lab's own cgroup",
                Cgroup.quota(),
                true,
                "limits service, stores and load together: what one" + " takes, another lacks");
        String[] ticks = Cgroup.text("/proc/stat").split("\\s+", 12);
        if (ticks.length > 8) {
            double all = Stream.of(ticks)
                    .skip(1)
                    .limit(8)
                    .mapToDouble(Double::parseDouble)
                    .sum();
            double stolen = 100 * Double.parseDouble(ticks[8]) / all;
            tell(
                    report,
                    "Stolen by the hypervisor since the start",
                    "%.1f %%".formatted(stolen),
                    stolen > 1,
                    "was not ours, and comes and goes");
        }
        FileStore disk = Files.getFileStore(Stack.root());
        tell(
                report,
                "Disk of the stores",
                disk.name() + ", " + disk.type(),
                disk.type().equals("tmpfs"),
                "is no disk, and whatever waits for one is faster here than elsewhere");
    }

    /// @param how it spoils a comparison, if it does
    private static void tell(Report report, String name, String value, boolean spoils, String how) {
        if (!value.isEmpty()) {
            report.fact(name, value);
            if (spoils) {
                report.note("%s: %s, which %s.".formatted(name, value, how));
            }
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
