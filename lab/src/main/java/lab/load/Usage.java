package lab.load;

import java.io.IOException;
import java.time.Duration;

/// What a process has used so far, as the operating system tells it.
///
/// @param memoryMegabytes resident now
/// @param peakMegabytes resident at most so far; where the system does not tell (outside Linux), now
public record Usage(double cpuSeconds, double memoryMegabytes, double peakMegabytes) {
    public static Usage of(ProcessHandle process) {
        double cpu = process.info().totalCpuDuration().orElse(Duration.ZERO).toNanos() / 1e9;
        String status = Cgroup.text("/proc/" + process.pid() + "/status");
        if (!status.isEmpty()) {
            return new Usage(cpu, megabytes(status, "VmRSS:"), megabytes(status, "VmHWM:"));
        }
        try {
            Process ps = new ProcessBuilder("ps", "-o", "rss=", "-p", "" + process.pid()).start();
            double now = megabytes(new String(ps.getInputStream().readAllBytes()), "");
            return new Usage(cpu, now, now);
        } catch (IOException e) {
            throw new IllegalStateException("The command `ps` could not be run", e);
        }
    }

    /// The seconds of processor time that this process has used.
    public static double own() {
        return of(ProcessHandle.current()).cpuSeconds;
    }

    /// What a line of kilobytes says that begins so.
    private static double megabytes(String lines, String name) {
        return lines.lines()
                .filter(line -> line.startsWith(name))
                .mapToDouble(line -> Double.parseDouble(line.replaceAll("[^0-9]", "")) / 1024)
                .sum();
    }
}
