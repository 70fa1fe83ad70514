package lab.load;

import java.io.EOFException;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.PrintStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.List;
import lab.stack.Java;

/// Work in a process of its own, so that no collector or compiler of the measuring program gets in its way.
public record Fork(Process process) implements AutoCloseable {
    /// For a load: a small heap and one collector thread, for it shares the machine with what it measures.
    public static final List<String> FLAGS = List.of("-XX:+UseSerialGC", "-Xmx256m");

    /// What can be done elsewhere: it goes there, and its result comes back, as the JDK serializes them.
    public interface Work<R> extends Serializable {
        R work() throws Exception;
    }

    /// Starts work, for whoever does something else meanwhile and closes it.
    public static Fork start(List<String> flags, Work<?> work) throws IOException {
        var fork = new Fork(Java.start(flags, Fork.class));
        try (var out = new ObjectOutputStream(fork.process.getOutputStream())) {
            out.writeObject(work);
        }
        return fork;
    }

    /// Has work done and returns what came of it.
    @SuppressWarnings("unchecked") // what comes back is what that work returns
    public static <R> R result(Work<R> work) throws Exception {
        try (var fork = start(FLAGS, work)) {
            return (R) fork.result();
        }
    }

    /// What came of the work, once it has come.
    Object result() throws IOException, ClassNotFoundException {
        try (var in = new ObjectInputStream(process.getInputStream())) {
            Object result = in.readObject();
            if (result instanceof Exception e) {
                throw new IllegalStateException("The load ended: " + e.getMessage(), e);
            }
            return result;
        } catch (EOFException e) {
            throw new IllegalStateException("The work failed in its process", e);
        }
    }

    static void main() throws Exception {
        PrintStream answer = System.out;
        System.setOut(System.err); // what the work prints is no part of it
        Object result;
        try (var in = new ObjectInputStream(System.in)) {
            result = ((Work<?>) in.readObject()).work();
        } catch (IOException | UncheckedIOException e) { // whom it talked to has gone
            result = e;
        }
        try (var out = new ObjectOutputStream(answer)) {
            out.writeObject(result);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
