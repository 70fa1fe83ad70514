package lab.jvm;

import java.io.IOException;
import java.io.StringReader;
import java.util.Objects;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import lab.stack.Java;

/// Asks a running JVM by the JDK's `jcmd`.
final class Jcmd {
    private static final Pattern COLLECTOR = Pattern.compile("-XX:\\+Use(\\w+GC)\\b");
    private static final Pattern HEAP = Pattern.compile("-XX:MaxHeapSize=(\\d+)");

    private Jcmd() {}

    /// Gives several commands at once, for the start of a `jcmd` disturbs what is measured.
    static String run(long pid, String... commands) throws IOException, InterruptedException {
        return Java.tool("jcmd", "-J-XX:TieredStopAtLevel=1", pid, String.join("\n", commands));
    }

    /// The line of that output with all flags that the JVM was given or chose for itself, from `VM.flags`.
    static String flags(String output) {
        return output.lines()
                .filter(line -> line.startsWith("-XX:"))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("jcmd tells no flags: " + output.strip()))
                .strip();
    }

    /// Vendor, version and build, from `VM.system_properties`.
    static String jdk(String output) throws IOException {
        var properties = new Properties();
        properties.load(new StringReader(output));
        return Stream.of("java.vendor", "java.vendor.version", "java.vm.name", "java.runtime.version")
                .map(properties::getProperty)
                .filter(Objects::nonNull)
                .collect(Collectors.joining(", "));
    }

    /// What those flags say in short: the collector in use, the largest heap, the size of headers.
    static String inUse(String flags) {
        Matcher collector = COLLECTOR.matcher(flags);
        Matcher heap = HEAP.matcher(flags);
        return (collector.find() ? collector.group(1) : "a collector that it does not name")
                + (heap.find() ? ", heap up to " + Long.parseLong(heap.group(1)) / 1024 / 1024 + " MB" : "")
                + (flags.contains("+UseCompactObjectHeaders") ? ", compact headers" : "");
    }
}
