package lab.jvm;

import java.util.ArrayList;
import java.util.List;
import lab.load.Usage;
import lab.report.Plot.Point;

/// Looks five times a second at the resident memory of a process.
final class MemoryWatch implements AutoCloseable {
    private static final int BETWEEN_LOOKS_MILLIS = 200;

    private final List<Point> points = new ArrayList<>();
    private final Thread thread;

    MemoryWatch(ProcessHandle process) {
        long start = System.nanoTime();
        thread = Thread.ofPlatform().name("memory watch").daemon().start(() -> {
            try {
                while (process.isAlive()) {
                    double memory = Usage.of(process).memoryMegabytes();
                    synchronized (points) {
                        points.add(new Point((System.nanoTime() - start) / 1e9, memory));
                    }
                    Thread.sleep(BETWEEN_LOOKS_MILLIS); // nobody tells when memory grows
                }
            } catch (InterruptedException | IllegalStateException _) {
                // closed, or the process is gone
            }
        });
    }

    List<Point> points() {
        synchronized (points) {
            return List.copyOf(points);
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
