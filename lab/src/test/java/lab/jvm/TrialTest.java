package lab.jvm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import lab.load.LoadResult;
import lab.stack.Java;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrialTest {
    /// Two seconds at 2,000/s.
    private static Trial trial(long errors, long unanswered, int first, int second) {
        var none = LoadResult.intervals(2);
        var steady = new LoadResult(errors, unanswered, 2, none, new int[] {first, second}, 0);
        var saturated = new LoadResult(7, 0, 1, none, new int[] {1}, 0);
        return new Trial("x", 0, steady, saturated, 4000, 0, 0, 0, null, List.of(), "");
    }

    @Test
    void whoAnswersWhatIsDueHoldsTheRate() {
        assertTrue(trial(0, 0, 2000, 2000).held());
        assertTrue(trial(0, 0, 2000, 1600).held(), "a pause of 0.2 s in the end");
        assertTrue(trial(40, 0, 2000, 1960).held(), "one in a hundred failed");
    }

    @Test
    void whoIsSlowerOrFailsDoesNot() {
        assertFalse(trial(0, 0, 1344, 1344).held());
        assertFalse(trial(41, 0, 2000, 1959).held());
        assertFalse(trial(0, 41, 2000, 1959).held());
    }

    @Test
    void failuresAreThoseOfBothLoads() {
        assertEquals(12, trial(3, 2, 2000, 1995).failures());
    }

    /// What it keeps nearly fills a heap of 40 MB.
    static final class Tight {
        static void main() {
            Object[] kept = new Object[300];
            long end = System.nanoTime() + 3_000_000_000L;
            for (int i = 0; System.nanoTime() < end; i++) {
                kept[i % kept.length] = new byte[80_000];
            }
        }
    }

    @Test
    void aThreadThatWaitsForRoomIsSeenAndSoIsEachSafepoint(@TempDir Path folder) throws Exception {
        Path files = folder.resolve("tight");
        Instant began = Instant.now();
        List<String> flags = List.of(
                "-XX:+UseZGC",
                "-Xmx40m",
                "-XX:StartFlightRecording:settings=default,filename=" + files + ".jfr",
                "-Xlog:gc*,safepoint:file=" + files + ".gc.log" + Trial.LOGGED);
        assertEquals(0, Java.start(flags, Tight.class).waitFor());

        var all = new Recording(files, began, began, Instant.now());
        var none = new Recording(files, began, began, began);

        assertTrue(all.inUse.containsAll(Set.of("ZGC", "heap up to 40 MB")), all.inUse::toString);
        assertTrue(all.inUse.contains(System.getProperty("java.vm.vendor")), all.inUse::toString);
        assertTrue(all.inUse.contains(Runtime.version().toString()), all.inUse::toString);
        assertTrue(all.sum("stall") > 0, "it waited for room");
        assertTrue(all.sum("stall") >= all.longest("stall") && all.longest("stall") > 0);
        assertTrue(all.sum("safepoint") >= all.sum("pause") && all.sum("pause") > 0);
        assertTrue(all.sum("reaching") <= all.sum("safepoint") && all.sum("reaching") > 0);
        assertTrue(all.sum("allocated") > 0 && all.heapMegabytes > 0);
        assertEquals(0, none.sum("stall") + none.sum("safepoint"));
        assertEquals(0, none.longest("stall"));
    }
}
