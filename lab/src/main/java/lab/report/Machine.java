package lab.report;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.Stream;

/// The machine that is measured on: what it is, and whether it has something else to do.
public final class Machine {
    private static final double BUSY = 0.15;
    private static final int LONGEST_WAIT_SECONDS = 3;
    private static final OperatingSystemMXBean SYSTEM =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private Machine() {}

    /// Notes in a report what is measured on, and says whether to go on: not on a busy machine, unless it is forced.
    public static boolean isFitFor(Report report, String command, List<String> arguments, boolean forced)
            throws InterruptedException {
        double load = awaitLow();
        String percent = "%.0f %%".formatted(100 * load);
        if (load > BUSY && !forced) {
            System.err.println("Something else keeps this machine busy (" + percent
                    + " of its processors): figures would be about that. End it, or say --force.");
            return false;
        }
        report.fact("Date", Instant.now().truncatedTo(ChronoUnit.MINUTES).toString());
        report.fact("Machine", description());
        report.fact("JDK", System.getProperty("java.vendor") + " " + Runtime.version());
        report.fact("Command", "./build.sh " + command + " " + String.join(" ", arguments));
        if (load > BUSY) {
            report.note("The machine was busy with something else when this began: " + percent + ".");
        }
        return true;
    }

    private static String description() {
        return "%d processors (%s), %.0f GB, %s %s"
                .formatted(
                        SYSTEM.getAvailableProcessors(),
                        processor(),
                        SYSTEM.getTotalMemorySize() / 1e9,
                        System.getProperty("os.name"),
                        SYSTEM.getArch());
    }

    private static String processor() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            return lines.filter(line -> line.startsWith("model name"))
                    .map(line -> line.replaceFirst(".*: ", ""))
                    .findFirst()
                    .orElse("unknown");
        } catch (IOException _) {
            return "unknown";
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
