package lab.jvm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import lab.report.Plot.Point;

/// What the flight recording and the log of a fork's JVM tell of its memory, and of what its threads waited for.
final class Recording {
    private static final double MEGABYTE = 1024 * 1024;
    private static final Pattern LINE = Pattern.compile(
            ".*?\\[(\\d+)ms].*(?:Reaching safepoint: (\\d+) ns.* Total: (\\d+) ns.*|Pacing +(\\d+) us)");

    /// What is counted between the two moments that were asked for; in milliseconds.
    final DoubleSummaryStatistics pauses = new DoubleSummaryStatistics();

    /// Waits of threads that found no room: ZGC's, and Shenandoah's answer to it, its degenerated and full collections.
    final DoubleSummaryStatistics stalls = new DoubleSummaryStatistics();

    /// For how long Shenandoah held back threads that allocate, all of them together.
    double pacedMillis;

    /// Stops of all threads, for a collection or anything else.
    final DoubleSummaryStatistics safepoints = new DoubleSummaryStatistics();

    /// From the wish for such a stop until the last thread stood still.
    final DoubleSummaryStatistics reaching = new DoubleSummaryStatistics();

    int collections;

    /// Collections that found no room for what they wanted to move.
    int failures;

    double allocatedMegabytes;

    /// In use after the last collection of all.
    double heapAfterMegabytes;

    /// Over seconds since the load began: what is in the whole recording, in milliseconds and in megabytes resident.
    final List<Point> allPauses = new ArrayList<>();

    final List<Point> memory = new ArrayList<>();

    Recording(Path recording, Path log, Instant start, Instant from, Instant to) throws IOException {
        List<RecordedEvent> events = new ArrayList<>(RecordingFile.readAllEvents(recording));
        events.sort(Comparator.comparing(RecordedEvent::getStartTime));
        for (RecordedEvent event : events) {
            Instant time = event.getStartTime();
            double second = Duration.between(start, time).toNanos() / 1e9;
            double millis = event.getDuration().toNanos() / 1e6;
            boolean counts = !time.isBefore(from) && time.isBefore(to);
            switch (event.getEventType().getName()) {
                case "jdk.GarbageCollection" -> collections += counts ? 1 : 0;
                case "jdk.EvacuationFailed", "jdk.PromotionFailed" -> failures += counts ? 1 : 0;
                case "jdk.ObjectAllocationSample" ->
                    allocatedMegabytes += counts ? event.getLong("weight") / MEGABYTE : 0;
                case "jdk.ResidentSetSize" -> memory.add(new Point(second, event.getLong("size") / MEGABYTE));
                case "jdk.GCHeapSummary" -> {
                    if (event.getString("when").equals("After GC")) {
                        heapAfterMegabytes = event.getLong("heapUsed") / MEGABYTE;
                    }
                }
                case "jdk.ZAllocationStall" -> accept(stalls, millis, counts);
                case "jdk.GCPhasePause" -> {
                    allPauses.add(new Point(second, millis));
                    accept(pauses, millis, counts);
                    accept(stalls, millis, counts && event.getString("name").matches("Pause (Degenerated|Full).*"));
                }
                default -> {
                    // for whoever opens the recording
                }
            }
        }
        try (var lines = Files.lines(log)) {
            lines.map(LINE::matcher).filter(Matcher::matches).forEach(line -> {
                Instant time = Instant.ofEpochMilli(Long.parseLong(line.group(1)));
                boolean counts = !time.isBefore(from) && time.isBefore(to);
                if (line.group(4) == null) {
                    accept(reaching, Long.parseLong(line.group(2)) / 1e6, counts);
                    accept(safepoints, Long.parseLong(line.group(3)) / 1e6, counts);
                } else {
                    pacedMillis += counts ? Long.parseLong(line.group(4)) / 1e3 : 0;
                }
            });
        }
    }

    private static void accept(DoubleSummaryStatistics waits, double millis, boolean counts) {
        if (counts) {
            waits.accept(millis);
        }
    }

    /// The longest, or 0 if there was none.
    static double longest(DoubleSummaryStatistics waits) {
        return Math.max(0, waits.getMax());
    }
}
