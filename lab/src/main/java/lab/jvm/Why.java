package lab.jvm;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import lab.report.Report;
import lab.stack.Java;
import lab.stack.Stack;
import one.convert.Arguments;
import one.convert.JfrToFlame;

/// Why a fork was as it was, by its own recording.
final class Why {
    private static final List<String> VIEWS = List.of(
            "hot-methods", "allocation-by-site", "gc-pause-phases", "jdk.ZAllocationStall", "contention-by-site");

    private static final Path HDR_HISTOGRAM = Stack.root().resolve("lab/target/lib/HdrHistogram.jar");

    private Why() {}

    /// Adds to a report what the JDK's `jfr view` says of a fork, and the commands that open its raw files; and beside
    /// these files, as a page of its own, a flame graph of the stacks that were sampled.
    ///
    /// @param files where the raw files are, and how their names begin
    static void tell(Report report, String heading, Path files) throws IOException, InterruptedException {
        report.fold(heading, "Raw files beside this page, and what opens them there", """
                %1$s.flame.html
                jfr view all-views %1$s.jfr
                java -cp %2$s org.HdrHistogram.HistogramLogProcessor -i %1$s.hlog
                less %1$s.gc.log""".formatted(
                        files.getFileName(), HDR_HISTOGRAM));
        String recording = files + ".jfr";
        for (String view : VIEWS) {
            String text = Java.tool("jfr", "view", "--width", 110, "--truncate", "beginning", view, recording);
            String[] parts = text.strip().split("\\s*\n[\\s-]*", 2);
            if (parts.length > 1) { // otherwise it says that there was nothing of the kind
                report.fold(heading, parts[0], parts[1].stripTrailing());
            }
        }
        var named = new Arguments("--title", files.getFileName().toString());
        JfrToFlame.convert(recording, files + ".flame.html", named);
    }
}
