package lab.jvm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
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
        return new Trial(0, "", "", steady, saturated, 4000, 0, 0, 0, null, List.of(), "", Path.of("x"));
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
        Path recording = folder.resolve("tight.jfr");
        Path log = folder.resolve("tight.gc.log");
        Instant began = Instant.now();
        List<String> flags = List.of(
                "-XX:+UseZGC",
                "-Xmx40m",
                "-XX:StartFlightRecording:settings=default,filename=" + recording,
                "-Xlog:gc*,safepoint:file=" + log + Trial.LOGGED);
        assertEquals(0, Java.start(flags, Tight.class).waitFor());

        var all = new Recording(recording, log, began, began, Instant.now());
        var none = new Recording(recording, log, began, began, began);

        assertTrue(all.stalls.getCount() > 0, "it waited for room");
        assertTrue(all.stalls.getSum() >= Recording.longest(all.stalls) && Recording.longest(all.stalls) > 0);
        assertTrue(all.safepoints.getCount() >= all.pauses.getCount() && all.pauses.getCount() > 0);
        assertTrue(all.reaching.getSum() <= all.safepoints.getSum() && all.reaching.getSum() > 0);
        assertEquals(0, none.stalls.getCount() + none.safepoints.getCount());
        assertEquals(0, Recording.longest(none.stalls));
    }
}
