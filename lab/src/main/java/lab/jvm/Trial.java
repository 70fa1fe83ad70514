package lab.jvm;

import java.io.FileNotFoundException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
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
/// @param throughput answers a second, over seconds since the load began
record Trial(
        double startMillis,
        String flags,
        LoadResult steady,
        LoadResult saturated,
        double cpuSeconds,
        double peakMegabytes,
        Recording recording,
        List<Point> throughput) {
    private static final String RECORD = "JFR.start name=lab settings=default jdk.ResidentSetSize#period=200ms";

    /// @param files where its raw files go and how their names begin
    static Trial run(Plan plan, Workload workload, Variant variant, Path files) throws Exception {
        workload.reset();
        List<String> asked = new ArrayList<>(variant.strictFlags());
        asked.add("-Xlog:gc*:file=" + files + ".gc.log");
        try (Service service = workload.service(variant.java(), asked)) {
            long start = System.nanoTime();
            service.start();
            service.awaitAnswer();
            double startMillis = (System.nanoTime() - start) / 1e6;
            service.awaitReady();
            ProcessHandle process = service.process();
            // the recorder not earlier: it would count as start
            String flags = Jcmd.flags(Jcmd.run(process.pid(), "VM.flags", RECORD));
            Files.writeString(Path.of(files + ".flags.txt"), flags + "\n");

            Instant began = Instant.now();
            LoadResult warmup = workload.run(service, 0, plan.warmupSeconds());
            double cpu = Usage.of(process).cpuSeconds();
            Instant from = Instant.now();
            LoadResult steady = workload.run(service, plan.rate, plan.seconds);
            Instant to = Instant.now();
            cpu = Usage.of(process).cpuSeconds() - cpu;
            LoadResult saturated = workload.run(service, 0, plan.saturationSeconds());
            Instant end = Instant.now();
            double peak = Usage.of(process).peakMegabytes();

            String recording = files + ".jfr";
            Jcmd.run(process.pid(), "GC.run", "JFR.stop name=lab filename=\"" + recording + "\"");
            write(steady.latencies(), began, files + ".hlog");
            List<Point> throughput = new ArrayList<>();
            add(throughput, warmup, Duration.between(began, from));
            add(throughput, steady, Duration.between(began, to));
            add(throughput, saturated, Duration.between(began, end));
            return new Trial(
                    startMillis,
                    flags,
                    steady,
                    saturated,
                    cpu,
                    peak,
                    Recording.read(Path.of(recording), began, from, to),
                    throughput);
        }
    }

    /// What the terminal shows of it.
    String summary() {
        return "start %.0f ms, 99 %% within %.1f ms, at most %,.0f/s, %.0f MB"
                .formatted(startMillis, steady.percentileMillis(99), saturated.rate(), peakMegabytes);
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

    /// In the form that HdrHistogram's tools read.
    private static void write(Histogram latencies, Instant began, String file) throws FileNotFoundException {
        latencies.setStartTimeStamp(began.toEpochMilli());
        latencies.setEndTimeStamp(Instant.now().toEpochMilli());
        try (var out = new PrintStream(file)) {
            var log = new HistogramLogWriter(out);
            log.outputLogFormatVersion();
            log.outputLegend();
            log.outputIntervalHistogram(latencies);
        }
    }
}
