package result;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import common.Env;
import common.Options;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StandingTest {
    private static final Options OPTIONS = Options.from(new Env(Map.of("OPTION_B", "Dogs, \"small\"")));
    private static final Options OTHERS = Options.from(new Env(Map.of()));
    private static final Standing.Queue QUEUE =
            new Standing.Queue(7, 3L, Instant.parse("2026-11-21T10:00:00Z"), true, false, null);

    @Test
    void sharesAddUpToAThousand() {
        var random = new Random(4);
        for (int round = 0; round < 1000; round++) {
            long[] counts = random.longs(2 + random.nextInt(25), 0, 1L << random.nextInt(1, 45))
                    .toArray();
            if (IntStream.range(0, counts.length).allMatch(i -> counts[i] == 0)) {
                continue;
            }
            assertEquals(1000, IntStream.of(Standing.shares(counts)).sum());
        }
    }

    @Test
    void sharesAreRoundedWhereTheRemainderIsLargest() {
        assertArrayEquals(new int[] {334, 333, 333}, Standing.shares(new long[] {1, 1, 1}));
        assertArrayEquals(new int[] {667, 333}, Standing.shares(new long[] {2, 1}));
        assertArrayEquals(new int[] {1, 999}, Standing.shares(new long[] {1, 1999}));
        assertArrayEquals(new int[] {1000, 0}, Standing.shares(new long[] {5, 0}));
    }

    @Test
    void nobodyHasAShareBeforeTheFirstVote() {
        assertArrayEquals(new int[] {0, 0}, Standing.shares(new long[] {0, 0}));
    }

    @Test
    void votesForNoOptionOfOursAreNotCountedButSaid() {
        var standing = Standing.of(OPTIONS, Map.of("a", 2L, "y", 8L, "z", 1000L), QUEUE);
        assertEquals(2, standing.total());
        assertEquals("Votes for options that this page does not know: 1,008.", standing.trouble());
        assertEquals(1008, standing.toJson().getLong("others"));
    }

    @Test
    void saysWhatIsWrongAndNothingElse() {
        var standing = Standing.of(OPTIONS, Map.of("a", 2L), QUEUE);
        assertEquals("", standing.trouble());
        assertTrue(trouble(Standing.Queue.UNKNOWN).startsWith("No worker is heard of."));
        assertTrue(standing.unreachable().trouble().endsWith("This is how the vote stood before."));
        assertTrue(Standing.unknown(OPTIONS).trouble().endsWith("nobody knows how the vote stands."));
    }

    @Test
    void doesNotDenyAWorkerThatWaitsForTheQueueNorOneThatIsNotOurs() {
        assertTrue(trouble(new Standing.Queue(7, null, null, true, true, null)).startsWith("The worker is held up"));
        assertEquals("", trouble(new Standing.Queue(0, null, null, true, false, null)));
    }

    private static String trouble(Standing.Queue queue) {
        return Standing.of(OPTIONS, Map.of(), queue).trouble();
    }

    @Test
    void doesNotClaimToKnowTheQueueWithoutTheDatabase() {
        var standing = Standing.of(OPTIONS, Map.of(), QUEUE);
        assertEquals(3, standing.toJson().getInt("waiting"));
        assertTrue(standing.unreachable().toJson().isNull("waiting"));
    }

    @Test
    void theVersionIsAnotherWithEverythingThatIsShown() {
        var at = QUEUE.storedAt();
        List<Standing> all = List.of(
                Standing.of(OPTIONS, Map.of("a", 2L), QUEUE),
                Standing.of(OPTIONS, Map.of("a", 3L), QUEUE),
                Standing.of(OPTIONS, Map.of("b", 2L), QUEUE),
                Standing.of(OPTIONS, Map.of("a", 2L, "c", 1L), QUEUE),
                Standing.of(OPTIONS, Map.of("a", 2L), new Standing.Queue(8, 3L, at, true, false, null)),
                Standing.of(OPTIONS, Map.of("a", 2L), new Standing.Queue(7, 4L, at, true, false, null)),
                Standing.of(OPTIONS, Map.of("a", 2L), new Standing.Queue(7, 3L, at.plusMillis(1), true, false, null)),
                Standing.of(OPTIONS, Map.of("a", 2L), new Standing.Queue(7, 3L, null, true, false, null)),
                Standing.of(OPTIONS, Map.of("a", 2L), new Standing.Queue(7, null, at, true, true, null)),
                Standing.of(OPTIONS, Map.of("a", 2L), new Standing.Queue(7, null, at, false, false, null)),
                Standing.of(OTHERS, Map.of("a", 2L), QUEUE),
                Standing.of(new Options("Pets?", OPTIONS.list()), Map.of("a", 2L), QUEUE),
                Standing.of(OPTIONS, Map.of("a", 2L), QUEUE).unreachable());
        assertEquals(all.size(), all.stream().map(Standing::version).distinct().count());
        assertEquals(
                all.getFirst().version(),
                Standing.of(OPTIONS, Map.of("a", 2L), QUEUE).version());
        all.forEach(each -> assertTrue(each.version().matches("[\\w:.-]+"), each::version)); // needs no escaping
    }
}
