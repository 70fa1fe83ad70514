package common;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.cert.CertPathBuilderException;

/// The watch over one neighbour, Redis or PostgreSQL: says once per cause why it cannot be used and once when it can
/// again, and how long to wait before the next try. For one thread; [#cause] may be asked by any.
public final class Outage {
    private static final long PAUSE_MILLIS = 200;
    private static final long SETTLED_NANOS = 3_000_000_000L; // who fails again sooner has not come back

    private final String name;
    private long failedAt = System.nanoTime() - SETTLED_NANOS;
    private volatile String cause = "not connected yet";

    public Outage(String name) {
        this.name = name;
    }

    String name() {
        return name.toLowerCase();
    }

    /// Why the neighbour cannot be used, or null when it can.
    public String cause() {
        return cause;
    }

    public void failed(Throwable failure) {
        String reason = reason(failure);
        if (!reason.equals(cause)) {
            Log.info("Waiting for %s: %s", name, reason);
        }
        cause = reason;
        failedAt = System.nanoTime();
    }

    public void pause() throws InterruptedException {
        Thread.sleep(PAUSE_MILLIS); // who asked at once would only be refused again
    }

    public void worked() {
        if (cause != null && System.nanoTime() - failedAt >= SETTLED_NANOS) {
            Log.info("Connected to %s", name);
            cause = null;
        }
    }

    /// The words of the innermost cause, for people: `connection refused`, `unknown host db`, or the server's.
    public static String reason(Throwable failure) {
        Throwable cause = causeOf(failure);
        if (cause != null) {
            return reason(cause);
        }
        String message = failure.getMessage();
        return switch (failure) {
            case UnknownHostException _ -> "unknown host " + message.replaceFirst(":.*", "");
            case SocketTimeoutException _ -> "no answer";
            case ConnectException _ -> "connection refused";
            case EOFException _ -> "it closed the connection";
            case CertPathBuilderException _ -> "its certificate is not trusted: see PGSSLROOTCERT, REDIS_TLS";
            default -> message == null ? failure.getClass().getSimpleName() : message.split("\\R", 2)[0];
        };
    }

    /// Jedis hides why it could not connect among the suppressed exceptions.
    private static Throwable causeOf(Throwable failure) {
        Throwable[] suppressed = failure.getSuppressed();
        boolean hidden = failure.getCause() == null && suppressed.length > 0 && suppressed[0] instanceof IOException;
        return hidden ? suppressed[0] : failure.getCause();
    }
}
