package lab.stack;

/// One part of the system, a process of its own that can be started, stopped, killed, frozen, and started again on the
/// same port and with the same data.
public interface Server extends AutoCloseable {
    String name();

    int port();

    /// Starts it. The services are there at once and ready later; Redis and PostgreSQL are ready when this returns.
    void start();

    /// Asks it to end, and waits until it has.
    void stop();

    /// Its process, or null if it was never started.
    ProcessHandle process();

    default boolean isAlive() {
        return process() != null && process().isAlive();
    }

    /// Ends it without a chance to tidy up, as a power cut would, and waits until it and all it started are gone.
    default void kill() {
        var family = process().descendants().toList();
        process().destroyForcibly();
        family.forEach(ProcessHandle::destroyForcibly);
        process().onExit().join();
        family.forEach(child -> child.onExit().join());
    }

    default void freeze() {
        Signals.sendToTree("STOP", process());
    }

    default void thaw() {
        Signals.sendToTree("CONT", process());
    }

    @Override
    default void close() {
        if (isAlive()) {
            thaw();
            stop();
        }
    }
}
