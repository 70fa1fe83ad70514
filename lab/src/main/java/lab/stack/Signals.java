package lab.stack;

import java.io.IOException;

/// The signals that Java has no method for.
public final class Signals {
    private Signals() {}

    /// Sends `STOP`, `CONT`, `QUIT` … to a process and everything it started.
    public static void sendToTree(String signal, ProcessHandle process) {
        process.descendants().forEach(child -> send(signal, child.pid()));
        send(signal, process.pid());
    }

    public static void send(String signal, long pid) {
        try {
            new ProcessBuilder("kill", "-" + signal, Long.toString(pid))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new IllegalStateException("The command `kill` could not be run", e);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
