package lab.stack;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;

/// Waits for something to become true, instead of guessing how long it takes.
public final class Await {
    /// Only so that nobody waits for ever: long enough for any machine, however busy.
    private static final Duration LONGEST = Duration.ofMinutes(3);

    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(20);

    private Await() {}

    /// Returns as soon as the condition holds.
    ///
    /// @throws IllegalStateException if it does not within three minutes; `what` says what was waited for
    public static void until(String what, Callable<Boolean> condition) {
        Instant deadline = Instant.now().plus(LONGEST);
        try {
            while (!condition.call()) {
                if (Instant.now().isAfter(deadline)) {
                    throw new IllegalStateException("Waited three minutes in vain: " + what);
                }
                Thread.sleep(BETWEEN_LOOKS); // looks again; the condition decides, not the time
            }
        } catch (RuntimeException e) {
            throw e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted: " + what, e);
        } catch (Exception e) {
            throw new IllegalStateException("Failed: " + what, e);
        }
    }
}
