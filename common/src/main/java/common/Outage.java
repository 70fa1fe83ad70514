package common;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;

/// The watch over one neighbour, Redis or PostgreSQL: says once per cause why it cannot be used and once when it can
/// again, and how long to wait before the next try. For one thread; [#cause] may be asked by any.
public final class Outage {
    private static final long FIRST_PAUSE_MILLIS = 50;
    private static final long LONGEST_PAUSE_MILLIS = 1000;

    private final String neighbour;
    private volatile String cause = "not connected yet";
    private String said;
    private long pause = FIRST_PAUSE_MILLIS;

    public Outage(String neighbour) {
        this.neighbour = neighbour;
    }

    /// Why the neighbour cannot be used, or null when it can.
    public String cause() {
        return cause;
    }

    /// Notes a failure, and says it unless the last one was the same.
    public void failed(Throwable failure) {
        cause = reason(failure);
        if (!cause.equals(said)) {
            Log.info("Waiting for %s: %s", neighbour, cause);
            said = cause;
        }
    }

    /// Waits before the next try: a little at first, up to a second.
    public void pause() throws InterruptedException {
        Thread.sleep(pause); // who asked at once would only be refused again
        pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS);
    }

    /// Notes that the neighbour answers, and says so after a failure or the first time.
    public void over() {
        if (cause != null) {
            Log.info("Connected to %s", neighbour);
        }
        cause = null;
        said = null;
        pause = FIRST_PAUSE_MILLIS;
    }

    /// The sentence inside the innermost cause, for people: `connection refused`, `unknown host db`, or the server's
    /// own words.
    public static String reason(Throwable failure) {
        Throwable root = failure;
        for (Throwable next = failure; next != null; next = causeOf(root)) {
            root = next;
        }
        return switch (root) {
            case UnknownHostException e -> "unknown host " + e.getMessage().replaceFirst(":.*", "");
            case SocketTimeoutException _ -> "no answer";
            case ConnectException _ -> "connection refused";
            default -> root.getMessage() == null ? root.getClass().getSimpleName() : firstLine(root.getMessage());
        };
    }

    /// Jedis hides why it could not connect among the suppressed exceptions.
    private static Throwable causeOf(Throwable failure) {
        Throwable[] suppressed = failure.getSuppressed();
        boolean hidden = failure.getCause() == null && suppressed.length > 0 && suppressed[0] instanceof IOException;
        return hidden ? suppressed[0] : failure.getCause();
    }

    private static String firstLine(String text) {
        return text.lines().findFirst().orElse("");
    }
}
