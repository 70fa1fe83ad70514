package lab.load;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Main classes of the lab in processes of their own.
public final class Fork {
    /// A small heap and one collector thread: it shares the machine with what it measures.
    static final List<String> FLAGS = List.of("-XX:+UseSerialGC", "-Xmx256m");

    private Fork() {}

    /// Starts a main class of the lab. What it prints to standard error is seen on ours.
    public static Process start(List<String> jvmFlags, Class<?> main, String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvmFlags);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    /// Runs a main class of the lab to its end and returns what it printed.
    public static String output(Class<?> main, String... arguments) throws IOException, InterruptedException {
        Process process = start(FLAGS, main, arguments);
        try {
            String output = new String(process.getInputStream().readAllBytes());
            int exitCode = process.waitFor();
            if (exitCode != 0) {
                throw new IllegalStateException(main.getSimpleName() + " ended with exit code " + exitCode);
            }
            return output;
        } finally {
            process.destroyForcibly();
        }
    }
}
