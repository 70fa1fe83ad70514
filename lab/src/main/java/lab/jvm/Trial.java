package lab.jvm;

import java.io.FileNotFoundException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import lab.load.Cgroup;
import lab.load.LoadResult;
import lab.load.Neighbours;
import lab.load.Usage;
import lab.report.Plot.Point;
import lab.stack.Java;
import lab.stack.Service;
import lab.stack.Stack;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogWriter;

/// One fork: a fresh process of a variant from its start through warm-up, a fixed rate and saturation, from outside.
///
/// @param name that its raw files begin with
/// @param due how many requests were, at the fixed rate
/// @param cpuSeconds of the service at the fixed rate
/// @param throttledMillis how long it waited there because it had used up the processors that it is limited to
/// @param throughput answers a second, over seconds since the load began
/// @param disturbance what else the machine did, if that was too much to believe this; or nothing
record Trial(
        String name,
        double startMillis,
        LoadResult steady,
        LoadResult saturated,
        double due,
        double cpuSeconds,
        double throttledMillis,
        double peakMegabytes,
        Recording recording,
        List<Point> throughput,
        String disturbance) {
    static final String LOGGED = ":uptime,timemillis,level,tags";
    private static final String RECORD = "JFR.start name=lab settings=default jdk.ResidentSetSize#period=200ms";

    static Trial run(Workload workload, Variant variant, String name) throws Exception {
        workload.reset();
        Plan plan = workload.plan();
        Stack stack = workload.bed().stack;
        Path files = workload.folder().resolve(name);
        List<String> asked = new ArrayList<>(variant.strictFlags());
        asked.add("-Xlog:gc*,safepoint:file=" + files + ".gc.log" + LOGGED);
        try (Cgroup limits = new Cgroup(variant.limits());
                Service service = stack.add(plan.service, asked, Map.of())
                        .launchedBy(limits.launcher(variant.java(), Path.of(files + ".sh")))
                        .builtIn(plan.checkout(variant));
                var neighbours = new Neighbours(List.of(stack.redis.process(), stack.postgres.process()))) {
            long start = System.nanoTime();
            service.start();
            service.awaitAnswer();
            double startMillis = (System.nanoTime() - start) / 1e6;
            service.awaitReady();
            ProcessHandle process = service.process();
            // the recorder not earlier: it would count as start
            Java.tool("jcmd", "-J-XX:TieredStopAtLevel=1", process.pid(), RECORD);

            Instant began = Instant.now();
            LoadResult warmup = workload.run(service, 0, plan.warmupSeconds());
            double cpu = Usage.of(process).cpuSeconds();
            double throttled = limits.throttledMillis();
            Instant from = Instant.now();
            LoadResult steady = workload.run(service, plan.rate, plan.seconds);
            Instant to = Instant.now();
            cpu = Usage.of(process).cpuSeconds() - cpu;
            throttled = limits.throttledMillis() - throttled;
            LoadResult saturated = workload.run(service, 0, plan.saturationSeconds());
            Instant end = Instant.now();
            double peak = Usage.of(process).peakMegabytes();
            String disturbance = neighbours.disturbance();

            Java.tool("jcmd", process.pid(), "GC.run\nJFR.stop name=lab filename=\"" + files + ".jfr\"");
            write(steady.intervals(), from, files + ".hlog");
            List<Point> throughput = new ArrayList<>();
            add(throughput, warmup, Duration.between(began, from));
            add(throughput, steady, Duration.between(began, to));
            add(throughput, saturated, Duration.between(began, end));
            return new Trial(
                    name,
                    startMillis,
                    steady,
                    saturated,
                    plan.rate * plan.seconds,
                    cpu,
                    throttled,
                    peak,
                    new Recording(files, began, from, to),
                    throughput,
                    disturbance);
        }
    }

    /// Whether it answered what was due at the fixed rate; otherwise its latencies are those of a queue that grows.
    /// What was due in the last quarter of a second may be late: a pause may end the time.
    boolean held() {
        double late = Math.max(due / 100, due / steady.seconds() / 4);
        return due - steady.answered() <= late && steady.errors() + steady.unanswered() <= due / 100;
    }

    /// Requests that had no good answer, at the fixed rate and at saturation.
    long failures() {
        return steady.errors() + steady.unanswered() + saturated.errors() + saturated.unanswered();
    }

    String summary() {
        return "start %.0f ms, 99 %% within %.1f ms, at most %,.0f/s, %.0f MB%s%s"
                .formatted(
                        startMillis,
                        steady.percentileMillis(99),
                        saturated.rate(),
                        peakMegabytes,
                        held() ? "" : "; did not hold the rate",
                        disturbance.isEmpty() ? "" : "; DISTURBED: " + disturbance);
    }

    /// The answers of a load, each second's in its middle.
    ///
    /// @param end when the load ended, with its last answer
    private static void add(List<Point> throughput, LoadResult load, Duration end) {
        double began = end.toMillis() / 1e3 - load.seconds();
        for (int i = 0; i < load.perSecond().length; i++) {
            throughput.add(new Point(began + i + 0.5, load.perSecond()[i]));
        }
    }

    /// In the form that HdrHistogram's tools read: an interval a second.
    private static void write(Histogram[] intervals, Instant from, String file) throws FileNotFoundException {
        var log = new HistogramLogWriter(file);
        log.outputStartTime(from.toEpochMilli());
        log.setBaseTime(from.toEpochMilli());
        for (int i = 0; i < intervals.length; i++) {
            log.outputIntervalHistogram(i, i + 1, intervals[i], 1e6);
        }
        log.close();
    }
}
