package lab.jvm;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import lab.report.Plot.Point;

/// What a flight recording tells of a fork's memory. The same events come from every collector, unlike the lines of
/// their logs.
///
/// @param collections and what follows, up to `allocatedMegabytes`: between the two moments that were asked for
/// @param heapAfterMegabytes what was in use after the last collection of all
/// @param pauses all of them: seconds since the first moment, milliseconds
/// @param memory megabytes resident, over the same seconds
record Recording(
        int collections,
        double pauseMillis,
        double longestPauseMillis,
        double allocatedMegabytes,
        double heapAfterMegabytes,
        List<Point> pauses,
        List<Point> memory) {
    private static final double MEGABYTE = 1024 * 1024;

    static Recording read(Path file, Instant start, Instant from, Instant to) throws IOException {
        int collections = 0;
        double pause = 0;
        double longest = 0;
        double allocated = 0;
        double heapAfter = 0;
        List<Point> pauses = new ArrayList<>();
        List<Point> memory = new ArrayList<>();
        List<RecordedEvent> events = new ArrayList<>(RecordingFile.readAllEvents(file));
        events.sort(Comparator.comparing(RecordedEvent::getStartTime));
        for (RecordedEvent event : events) {
            Instant time = event.getStartTime();
            double seconds = Duration.between(start, time).toNanos() / 1e9;
            boolean counts = !time.isBefore(from) && time.isBefore(to);
            switch (event.getEventType().getName()) {
                case "jdk.GarbageCollection" -> collections += counts ? 1 : 0;
                case "jdk.GCPhasePause" -> {
                    double millis = event.getDuration().toNanos() / 1e6;
                    pauses.add(new Point(seconds, millis));
                    pause += counts ? millis : 0;
                    longest = counts ? Math.max(longest, millis) : longest;
                }
                case "jdk.ObjectAllocationSample" -> allocated += counts ? event.getLong("weight") / MEGABYTE : 0;
                case "jdk.GCHeapSummary" ->
                    heapAfter = event.getString("when").equals("After GC")
                            ? event.getLong("heapUsed") / MEGABYTE
                            : heapAfter;
                case "jdk.ResidentSetSize" -> memory.add(new Point(seconds, event.getLong("size") / MEGABYTE));
                default -> {
                    // for whoever opens the recording
                }
            }
        }
        return new Recording(collections, pause, longest, allocated, heapAfter, pauses, memory);
    }
}
