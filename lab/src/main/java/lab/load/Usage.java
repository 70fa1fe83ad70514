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
        Path status = Path.of("/proc", Long.toString(process.pid()), "status");
        try {
            if (!Files.exists(status)) {
                double now = residentByPs(process);
                return new Usage(cpu, now, now);
            }
            String text = Files.readString(status);
            return new Usage(cpu, kilobytes(text, "VmRSS:") / 1024, kilobytes(text, "VmHWM:") / 1024);
        } catch (IOException e) {
            throw new IllegalStateException("Process " + process.pid() + " is gone", e);
        }
    }

    private static double kilobytes(String status, String name) {
        return status.lines()
                .filter(line -> line.startsWith(name))
                .mapToDouble(line -> Double.parseDouble(line.replaceAll("[^0-9]", "")))
                .findFirst()
                .orElse(0);
    }

    private static double residentByPs(ProcessHandle process) throws IOException {
        Process ps = new ProcessBuilder("ps", "-o", "rss=", "-p", Long.toString(process.pid())).start();
        return Double.parseDouble(new String(ps.getInputStream().readAllBytes()).strip()) / 1024;
    }
}
