package lab.stack;

import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/// Waits for something to become true, instead of guessing how long it takes.
public final class Await {
    /// Only so that nobody waits for ever: long enough for any machine, however busy.
    private static final long LONGEST_NANOS = TimeUnit.MINUTES.toNanos(3);

    private Await() {}

    /// Returns as soon as the condition holds.
    ///
    /// @throws IllegalStateException if it does not within three minutes; `what` says what was waited for
    public static void until(String what, Callable<Boolean> condition) {
        long start = System.nanoTime();
        try {
            while (!condition.call()) {
                if (System.nanoTime() - start > LONGEST_NANOS) {
                    throw new IllegalStateException("Waited three minutes in vain: " + what);
                }
                Thread.sleep(20); // looks again; the condition decides, not the time
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
