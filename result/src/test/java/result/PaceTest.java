package result;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class PaceTest {
    private static final long NOW = 1_700_000_000;

    private final Pace pace = new Pace();

    /// The votes of the second that was so many before `now`.
    private long votes(long now, int before) {
        return pace.toJson(now).getJSONArray("votes_a_second").getLong(Pace.SECONDS - 1 - before);
    }

    @Test
    void whatWasStoredBeforeTheFirstLookIsNotOfThisSecond() {
        pace.note(5000, NOW);
        assertEquals(0, votes(NOW, 0));
        assertEquals(5000, pace.toJson(NOW).getLong("stored"));
    }

    @Test
    void votesCountForTheSecondInWhichTheyAreSeen() {
        pace.note(10, NOW);
        pace.note(13, NOW);
        pace.note(14, NOW);
        pace.note(20, NOW + 2);
        assertEquals(4, votes(NOW + 2, 2));
        assertEquals(0, votes(NOW + 2, 1));
        assertEquals(6, votes(NOW + 2, 0));
        assertEquals(6, votes(NOW + 5, 3));
    }

    @Test
    void oldSecondsAreForgotten() {
        pace.note(0, NOW);
        pace.note(9, NOW);
        assertEquals(9, votes(NOW + Pace.SECONDS - 1, Pace.SECONDS - 1));
        for (int before = 0; before < Pace.SECONDS; before++) {
            assertEquals(0, votes(NOW + Pace.SECONDS, before));
        }
    }

    @Test
    void anotherDatabaseOrAClockSetBackIsNoVote() {
        pace.note(10, NOW);
        pace.note(3, NOW);
        pace.note(3, NOW - 7);
        assertEquals(0, votes(NOW, 0));
    }
}
