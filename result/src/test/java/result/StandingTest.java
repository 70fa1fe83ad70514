package result;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import common.Options;
import java.time.Instant;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.json.JSONObject;
import org.junit.jupiter.api.Test;

class StandingTest {
    private static final Options OPTIONS = Options.of("OPTIONS", "Cats", "Dogs, \"small\"");
    private static final Standing.Queue QUEUE = new Standing.Queue(7, 3, Instant.parse("2026-11-21T10:00:00Z"), true);

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
    void votesForNoOptionOfOursAreNotCounted() {
        var standing = Standing.of(OPTIONS, Map.of("a", 2L, "z", 9L), QUEUE);
        assertEquals(2, standing.total());
    }

    @Test
    void saysWhatIsWrongAndNothingElse() {
        var standing = Standing.of(OPTIONS, Map.of("a", 2L), QUEUE);
        assertEquals("", standing.trouble());
        assertTrue(
                Standing.of(OPTIONS, Map.of(), Standing.Queue.UNKNOWN).trouble().startsWith("No worker is running."));
        assertTrue(standing.unreachable().trouble().endsWith("This is how the vote stood before."));
        assertTrue(Standing.unknown(OPTIONS).trouble().endsWith("nobody knows how the vote stands."));
    }

    @Test
    void doesNotClaimToKnowTheQueueWithoutAWorker() {
        var dead = new Standing.Queue(7, 3, null, false);
        assertEquals(3, Standing.of(OPTIONS, Map.of(), QUEUE).toJson().getInt("waiting"));
        assertTrue(Standing.of(OPTIONS, Map.of(), dead).toJson().isNull("waiting"));
    }

    @Test
    void quotesInCsvAreDoubled() {
        assertEquals(
                """
                key,option,votes,percent
                a,"Cats",2,66.7
                b,"Dogs, ""small\""",1,33.3
                """.replace("\n", "\r\n"),
                Standing.of(OPTIONS, Map.of("a", 2L, "b", 1L), QUEUE).toCsv());
    }

    @Test
    void theVersionIsADigestOfWhatIsShown() {
        var standing = Standing.of(OPTIONS, Map.of("a", 2L), QUEUE);
        var other = new Standing.Queue(8, 3, QUEUE.storedAt(), true);
        String version = Edition.of(standing).version();
        assertEquals(
                version,
                Edition.of(Standing.of(OPTIONS, Map.of("a", 2L), QUEUE)).version());
        assertNotEquals(
                version,
                Edition.of(Standing.of(OPTIONS, Map.of("a", 3L), QUEUE)).version());
        assertNotEquals(
                version,
                Edition.of(Standing.of(OPTIONS, Map.of("a", 2L), other)).version());
        assertNotEquals(version, Edition.of(standing.unreachable()).version());
        assertEquals(
                version, new JSONObject(new String(Edition.of(standing).json().body())).getString("version"));
    }
}
