package lab.stack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// One part of the system, a process of its own that can be started, stopped, killed, frozen, and started again on the
/// same port and with the same data.
public abstract class Server implements AutoCloseable {
    private static final int STOP_SECONDS = 30;

    private final String name;
    private final int port;
    ProcessHandle process;

    Server(String name, int port) {
        this.name = name;
        this.port = port;
    }

    public final String name() {
        return name;
    }

    public final int port() {
        return port;
    }

    /// Its process, or null if it was never started.
    public final ProcessHandle process() {
        return process;
    }

    public final boolean isAlive() {
        return process != null && process.isAlive();
    }

    /// Starts it. The services are there at once and ready later; Redis and PostgreSQL are ready when this returns.
    public abstract void start();

    /// Asks it to end, and waits until it has.
    public void stop() {
        end(process);
    }

    /// Asks a process to end, and kills it if it has not after half a minute. Says whether it did by itself.
    public static boolean end(ProcessHandle process) {
        process.destroy();
        process.onExit()
                .completeOnTimeout(process, STOP_SECONDS, TimeUnit.SECONDS)
                .join();
        boolean ended = !process.isAlive();
        process.destroyForcibly();
        process.onExit().join();
        return ended;
    }

    /// Ends it without a chance to tidy up, as a power cut would, and waits until it and all it started are gone.
    public void kill() {
        List<ProcessHandle> family = family();
        family.forEach(ProcessHandle::destroyForcibly);
        family.forEach(member -> member.onExit().join());
    }

    public void freeze() {
        signal("STOP", family());
    }

    public void thaw() {
        signal("CONT", family());
    }

    /// Its process, and all that this started.
    private List<ProcessHandle> family() {
        return Stream.concat(Stream.of(process), process.descendants()).toList();
    }

    /// Sends one of the signals that Java has no method for to its process alone.
    public void signal(String signal) {
        signal(signal, List.of(process));
    }

    private static void signal(String signal, List<ProcessHandle> processes) {
        try {
            var kill = new ProcessBuilder("kill", "-" + signal);
            processes.forEach(each -> kill.command().add(Long.toString(each.pid())));
            kill.redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .onExit()
                    .join();
        } catch (IOException e) {
            throw new IllegalStateException("The command `kill` could not be run", e);
        }
    }

    @Override
    public void close() {
        if (isAlive()) {
            thaw();
            stop();
        }
    }

    /// Deletes a folder and all that is in it, if there is one.
    public static void delete(Path folder) {
        if (Files.exists(folder)) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
