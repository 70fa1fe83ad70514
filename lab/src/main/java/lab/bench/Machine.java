package lab.bench;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/// The machine that is measured on: what it is, and whether it has something else to do.
public final class Machine {
    private static final double BUSY = 0.15;
    private static final int LONGEST_WAIT_SECONDS = 3;
    private static final OperatingSystemMXBean SYSTEM =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private Machine() {}

    public static String description() {
        return "%d processors (%s), %.0f GB, %s %s"
                .formatted(
                        SYSTEM.getAvailableProcessors(),
                        processor(),
                        SYSTEM.getTotalMemorySize() / 1e9,
                        System.getProperty("os.name"),
                        SYSTEM.getArch());
    }

    private static String processor() {
        try {
            return Files.lines(Path.of("/proc/cpuinfo"))
                    .filter(line -> line.startsWith("model name"))
                    .map(line -> line.replaceFirst(".*: ", ""))
                    .findFirst()
                    .orElse("unknown");
        } catch (IOException _) {
            return "unknown";
        }
    }

    /// Waits some seconds for a quiet moment, for use while nothing of ours runs. Returns the share of all
    /// processors that was busy in the last half second.
    public static double awaitCalm() throws InterruptedException {
        long giveUp = System.nanoTime() + LONGEST_WAIT_SECONDS * 1_000_000_000L;
        double load = load();
        while (load > BUSY && System.nanoTime() < giveUp) {
            load = load();
        }
        return load;
    }

    public static boolean isBusy(double load) {
        return load > BUSY;
    }

    /// The share of all processors that is busy during half a second.
    public static double load() throws InterruptedException {
        SYSTEM.getCpuLoad(); // from here on
        Thread.sleep(500);
        return SYSTEM.getCpuLoad();
    }

    public static String percent(double share) {
        return String.format(Locale.ROOT, "%.0f %%", 100 * share);
    }
}
