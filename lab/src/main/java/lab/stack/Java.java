package lab.stack;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// Starts JVMs, and the tools of this JDK: everything of the lab that is Java in a process of its own comes from here.
public final class Java {
    /// This JDK's `java`.
    public static final Path LAUNCHER = Path.of(System.getProperty("java.home"), "bin", "java");

    private Java() {}

    /// A JVM that is not started yet.
    ///
    /// @param program a jar or a main class, with its arguments
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
