package lab.stack;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// One part of the system, a process of its own. When it is started again it has the same port and the same data.
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

    /// Null if it was never started.
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
        List<ProcessHandle> family = family().toList();
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
    private Stream<ProcessHandle> family() {
        return Stream.concat(Stream.of(process), process.descendants());
    }

    /// Sends one of the signals that Java has no method for to its process alone.
    public void signal(String signal) {
        signal(signal, Stream.of(process));
    }

    private static void signal(String signal, Stream<ProcessHandle> processes) {
        var kill = new ProcessBuilder("kill", "-" + signal).redirectError(ProcessBuilder.Redirect.DISCARD);
        processes.forEach(each -> kill.command().add("" + each.pid()));
        try {
            kill.start().onExit().join();
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
}
