package lab.jvm;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import lab.load.LoadResult;
import lab.load.Usage;
import lab.report.Plot.Point;
import lab.stack.Service;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogWriter;

/// One fork: a fresh process of a variant, from its start through warm-up, a fixed rate and saturation to its end, and
/// all that was measured meanwhile, from outside.
///
/// @param flags all that the JVM was given or chose for itself, read back from it
/// @param cpuSeconds of the service at the fixed rate
/// @param memory megabytes resident, over seconds since the load began
/// @param throughput answers a second, over the same
record Trial(
        double startMillis,
        String flags,
        LoadResult steady,
        LoadResult saturated,
        double cpuSeconds,
        double peakMegabytes,
        Recording recording,
        List<Point> memory,
        List<Point> throughput) {

    /// @param files where its raw files go and how their names begin
    static Trial run(Plan plan, Workload workload, Variant variant, Path files) throws Exception {
        workload.reset();
        List<String> flags = new ArrayList<>(variant.strictFlags());
        flags.add("-Xlog:gc*:file=" + files + ".gc.log");
        Service service = workload.service(variant.java(), flags);
        try {
            long start = System.nanoTime();
            service.start();
            service.awaitAnswer();
            return new Measurement(plan, workload, service, files).run((System.nanoTime() - start) / 1e6);
        } finally {
            service.close();
        }
    }

    /// What is under way while a fork lives.
    private static final class Measurement {
        private final Plan plan;
        private final Workload workload;
        private final Service service;
        private final Path files;
        private final List<Point> throughput = new ArrayList<>();
        private long loadBegan;

        Measurement(Plan plan, Workload workload, Service service, Path files) {
            this.plan = plan;
            this.workload = workload;
            this.service = service;
            this.files = files;
        }

        Trial run(double startMillis) throws Exception {
            service.awaitReady();
            long pid = service.process().pid();
            // the recorder not earlier: it would count as start
            String flags = Jcmd.flags(Jcmd.run(pid, "VM.flags", "JFR.start name=lab settings=default"));
            Files.writeString(Path.of(files + ".flags.txt"), flags + "\n");
            Instant began = Instant.now();
            loadBegan = System.nanoTime();
            try (var memory = new MemoryWatch(service.process())) {
                load(0, plan.warmupSeconds());
                double cpu = cpuSeconds();
                Instant from = Instant.now();
                LoadResult steady = load(plan.rate(), plan.seconds());
                Instant to = Instant.now();
                cpu = cpuSeconds() - cpu;
                LoadResult saturated = load(0, plan.saturationSeconds());
                List<Point> points = memory.points();
                double peak = Usage.of(service.process()).peakMegabytes();
                Path recording = Path.of(files + ".jfr");
                Jcmd.run(pid, "GC.run", "JFR.stop name=lab filename=\"" + recording + "\"");
                write(steady.latencies(), began);
                return new Trial(
                        startMillis,
                        flags,
                        steady,
                        saturated,
                        cpu,
                        peak,
                        Recording.read(recording, began, from, to),
                        points,
                        throughput);
            }
        }

        private double cpuSeconds() {
            return Usage.of(service.process()).cpuSeconds();
        }

        private LoadResult load(int rate, double seconds) throws Exception {
            LoadResult result = workload.run(service, rate, seconds);
            double began = (System.nanoTime() - loadBegan) / 1e9 - seconds; // it ends with its last answer
            for (int i = 0; i < result.perSecond().length; i++) {
                throughput.add(new Point(began + i + 0.5, result.perSecond()[i]));
            }
            return result;
        }

        /// In the form that HdrHistogram's tools read.
        private void write(Histogram latencies, Instant began) throws IOException {
            latencies.setStartTimeStamp(began.toEpochMilli());
            latencies.setEndTimeStamp(Instant.now().toEpochMilli());
            try (var file = new PrintStream(files + ".hlog")) {
                var log = new HistogramLogWriter(file);
                log.outputLogFormatVersion();
                log.outputLegend();
                log.outputIntervalHistogram(latencies);
            }
        }
    }
}
