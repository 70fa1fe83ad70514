package lab.jvm;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lab.stack.Java;
import one.convert.Arguments;
import one.convert.JfrToFlame;

/// Why a fork was as it was, by its own recording.
///
/// @param views what the JDK's `jfr view` says, by heading
/// @param flameGraph a page of its own: the stacks that were sampled
/// @param commands that open the raw files, a line each
record Why(Map<String, String> views, Path flameGraph, List<String> commands) {
    private static final List<String> VIEWS = List.of(
            "hot-methods", "allocation-by-site", "gc-pause-phases", "jdk.ZAllocationStall", "contention-by-site");

    /// @param files where a fork's raw files are, and how their names begin
    static Why of(Path files) throws IOException, InterruptedException {
        String recording = files + ".jfr";
        Map<String, String> views = new LinkedHashMap<>();
        for (String view : VIEWS) {
            String text = Java.tool("jfr", "view", "--width", 110, "--truncate", "beginning", view, recording);
            String[] parts = text.strip().split("\n", 2);
            if (parts.length > 1) { // otherwise it says that there was nothing of the kind
                views.put(
                        parts[0].strip(), parts[1].replaceFirst("^\\s*-*\n", "").stripTrailing());
            }
        }
        Path flameGraph = Path.of(files + ".flame.html");
        JfrToFlame.convert(
                recording,
                flameGraph.toString(),
                new Arguments("--title", files.getFileName().toString()));
        return new Why(
                views,
                flameGraph,
                List.of(
                        "jfr view all-views " + recording,
                        "java -cp lab/target/lib/HdrHistogram.jar org.HdrHistogram.HistogramLogProcessor -i " + files
                                + ".hlog",
                        "less " + files + ".gc.log"));
    }
}
