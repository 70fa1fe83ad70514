package lab.jvm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.DoubleStream;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import lab.report.Plot.Point;
import lab.report.Report;
import lab.stack.Java;
import lab.stack.Stack;
import one.convert.Arguments;
import one.convert.JfrToFlame;

/// What the flight recording and the log of a fork's JVM tell of its memory, of what its threads waited for, and why.
final class Recording {
    private static final double MEGABYTE = 1024 * 1024;
    private static final List<String> VIEWS = List.of(
            "hot-methods", "allocation-by-site", "gc-pause-phases", "jdk.ZAllocationStall", "contention-by-site");
    private static final Pattern LINE = Pattern.compile(
            ".*?\\[(\\d+)ms].*(?:Reaching safepoint: (\\d+) ns.* Total: (\\d+) ns.*|Pacing +(\\d+) us)");

    /// By what it is: times in milliseconds and sizes in megabytes, over seconds since the load began.
    private final Map<String, List<Point>> points = new HashMap<>();

    double heapMegabytes; // in use after the last collection of all
    private final Path files;
    private final Instant start;
    private final double from;
    private final double to;

    /// Collector, largest heap, vendor and build, as the JVM itself says: what was asked for is not always in use.
    final Set<String> inUse = new TreeSet<>();

    /// @param files where `.jfr` and `.gc.log` are, without these endings
    /// @param start of the load
    /// @param from when it had the fixed rate, and `to` when it had it no more
    Recording(Path files, Instant start, Instant from, Instant to) throws IOException {
        this.files = files;
        this.start = start;
        this.from = second(from);
        this.to = second(to);
        List<RecordedEvent> events = new ArrayList<>(RecordingFile.readAllEvents(Path.of(files + ".jfr")));
        events.sort(Comparator.comparing(RecordedEvent::getStartTime));
        events.forEach(this::read);
        try (var lines = Files.lines(Path.of(files + ".gc.log"))) {
            lines.map(LINE::matcher).filter(Matcher::matches).forEach(line -> {
                Instant time = Instant.ofEpochMilli(Long.parseLong(line.group(1)));
                if (line.group(4) == null) {
                    add("reaching", time, Long.parseLong(line.group(2)) / 1e6); // until the last thread stood still
                    add("safepoint", time, Long.parseLong(line.group(3)) / 1e6);
                } else { // for so long Shenandoah held back threads that allocate, all of them together
                    add("pacing", time, Long.parseLong(line.group(4)) / 1e3);
                }
            });
        }
    }

    private void read(RecordedEvent event) {
        Instant time = event.getStartTime();
        double millis = event.getDuration().toNanos() / 1e6;
        switch (event.getEventType().getName()) {
            case "jdk.GarbageCollection" -> add("collection", time, 1);
            case "jdk.EvacuationFailed", "jdk.PromotionFailed" -> add("failure", time, 1);
            case "jdk.ObjectAllocationSample" -> add("allocated", time, event.getLong("weight") / MEGABYTE);
            case "jdk.ResidentSetSize" -> add("resident", time, event.getLong("size") / MEGABYTE);
            case "jdk.GCHeapSummary" -> {
                if (event.getString("when").equals("After GC")) {
                    heapMegabytes = event.getLong("heapUsed") / MEGABYTE;
                }
            }
            case "jdk.ZAllocationStall" -> add("stall", time, millis);
            case "jdk.GCPhasePause" -> {
                add("pause", time, millis);
                // Shenandoah's answer to threads that find no room
                if (event.getString("name").matches("Pause (Degenerated|Full).*")) {
                    add("stall", time, millis);
                }
            }
            case "jdk.GCHeapConfiguration" ->
                inUse.add("heap up to %.0f MB".formatted(event.getLong("maxSize") / MEGABYTE));
            case "jdk.InitialSystemProperty" -> {
                if (event.getString("key").matches("java\\.vm\\.(vendor|name|version)")) {
                    inUse.add(event.getString("value"));
                }
            }
            case "jdk.BooleanFlag" -> {
                boolean chosen =
                        event.getBoolean("value") && !event.getString("origin").equals("Default");
                if (chosen && event.getString("name").matches("Use(\\w+GC|CompactObjectHeaders)")) {
                    inUse.add(event.getString("name").substring(3));
                }
            }
            default -> {} // for whoever opens the recording
        }
    }

    private double second(Instant time) {
        return Duration.between(start, time).toNanos() / 1e9;
    }

    private void add(String kind, Instant time, double value) {
        points.computeIfAbsent(kind, _ -> new ArrayList<>()).add(new Point(second(time), value));
    }

    List<Point> all(String kind) {
        return points.getOrDefault(kind, List.of());
    }

    /// What there was at the fixed rate.
    private DoubleStream steady(String kind) {
        return all(kind).stream()
                .filter(each -> each.x() >= from && each.x() < to)
                .mapToDouble(Point::y);
    }

    double sum(String kind) {
        return steady(kind).sum();
    }

    /// Or 0 if there was none.
    double longest(String kind) {
        return steady(kind).max().orElse(0);
    }

    /// Adds to a report what the JDK's `jfr view` says of a fork, and the commands that open its raw files; and beside
    /// these files, as a page of its own, a flame graph of the stacks that were sampled.
    void explain(Report report, String heading) throws IOException, InterruptedException {
        report.fold(heading, "Raw files beside this page, and what opens them there", """
                %1$s.flame.html
                jfr view all-views %1$s.jfr
                java -cp '%2$s/*' org.HdrHistogram.HistogramLogProcessor -i %1$s.hlog
                less %1$s.gc.log""".formatted(
                        files.getFileName(), Stack.root().resolve("lab/target/lib")));
        String recording = files + ".jfr";
        for (String view : VIEWS) {
            String text = Java.tool("jfr", "view", "--width", 110, "--truncate", "beginning", view, recording);
            String[] parts = text.strip().split("\\s*\n[\\s-]*", 2);
            if (parts.length > 1) { // otherwise it says that there was nothing of the kind
                report.fold(heading, parts[0], parts[1].stripTrailing());
            }
        }
        JfrToFlame.convert(recording, files + ".flame.html", new Arguments("--title", heading));
    }
}
