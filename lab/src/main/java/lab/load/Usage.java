package lab.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/// What a process has used so far, as the operating system tells it.
///
/// @param memoryMegabytes resident now
/// @param peakMegabytes resident at most so far; where the system does not tell (outside Linux), now
public record Usage(double cpuSeconds, double memoryMegabytes, double peakMegabytes) {
    public static Usage of(ProcessHandle process) {
        double cpu = process.info().totalCpuDuration().orElse(Duration.ZERO).toNanos() / 1e9;
        String pid = Long.toString(process.pid());
        Path status = Path.of("/proc", pid, "status");
        try {
            if (Files.exists(status)) {
                String text = Files.readString(status);
                return new Usage(cpu, megabytes(text, "VmRSS:"), megabytes(text, "VmHWM:"));
            }
            Process ps = new ProcessBuilder("ps", "-o", "rss=", "-p", pid).start();
            double now = megabytes(new String(ps.getInputStream().readAllBytes()), "");
            return new Usage(cpu, now, now);
        } catch (IOException e) {
            throw new IllegalStateException("Process " + pid + " is gone", e);
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
                .findFirst()
                .orElse(0);
    }
}
