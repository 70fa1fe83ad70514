package lab.stack;

import common.SettingException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Starts JVMs, and the tools of this JDK.
public final class Java {
    /// This JDK's `java`.
    public static final Path LAUNCHER = Path.of(System.getProperty("java.home"), "bin", "java");

    private static final int NEEDED = 25;

    private Java() {}

    /// The `java` of another JDK.
    ///
    /// @throws SettingException if that is none, or too old for the services
    public static Path launcher(Path home) {
        Path java = home.resolve("bin", "java").toAbsolutePath();
        Matcher version = Pattern.compile("(?m)^JAVA_VERSION=\"(\\d+)").matcher("");
        try {
            version.reset(Files.readString(home.resolve("release")));
        } catch (IOException _) {
            // which every JDK has
        }
        if (!version.find() || !Files.isExecutable(java)) {
            throw new SettingException("The JDK", "must be a folder with bin/java and a file \"release\", not " + home);
        }
        if (Integer.parseInt(version.group(1)) < NEEDED) {
            throw new SettingException(
                    "The JDK", "must be %d or later, not %s (%s)".formatted(NEEDED, version.group(1), home));
        }
        return java;
    }

    /// A JVM that is not started yet, of a jar or a main class with its arguments.
    public static ProcessBuilder command(Path launcher, List<String> flags, Object... program) {
        var builder = new ProcessBuilder(launcher.toString());
        builder.command().addAll(flags);
        Stream.of(program).map(Object::toString).forEach(builder.command()::add);
        return builder;
    }

    /// Starts a main class of the lab. What it prints to standard error is seen on ours.
    public static Process start(List<String> flags, Class<?> main) throws IOException {
        return command(LAUNCHER, flags, "-cp", System.getProperty("java.class.path"), main.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    /// Runs a tool of this JDK to its end and returns what it printed.
    ///
    /// @throws IllegalStateException with that, if it failed
    public static String tool(String name, Object... arguments) throws IOException, InterruptedException {
        Process process = command(LAUNCHER.resolveSibling(name), List.of(), arguments)
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes());
        if (process.waitFor() != 0) {
            throw new IllegalStateException(name + ": " + output.strip());
        }
        return output;
    }
}
