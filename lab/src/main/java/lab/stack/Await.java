package lab.stack;

import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/// Waits for something to become true, instead of guessing how long it takes.
public final class Await {
    private Await() {}

    /// Returns as soon as the condition holds.
    ///
    /// @throws IllegalStateException if it does not within three minutes: enough for any machine, however busy
    public static void until(String what, Callable<Boolean> condition) {
        long start = System.nanoTime();
        try {
            while (!condition.call()) {
                if (System.nanoTime() - start > TimeUnit.MINUTES.toNanos(3)) {
                    throw new IllegalStateException("Waited three minutes in vain: " + what);
                }
                Thread.sleep(20); // looks again; the condition decides, not the time
            }
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("Failed: " + what, e);
        }
    }
}
