package common;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/// The log: one line an event on standard output, with the time in UTC.
public final class Log {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSS").withZone(ZoneOffset.UTC);

    private Log() {}

    public static void info(String format, Object... args) {
        System.out.println(TIME.format(Instant.now()) + " " + format.formatted(args));
    }

    /// A fault of our own, with its stack trace; what a user or a neighbour can cause gets a sentence instead.
    public static void error(String what, Throwable fault) {
        info("%s", what);
        fault.printStackTrace(System.out);
    }
}
