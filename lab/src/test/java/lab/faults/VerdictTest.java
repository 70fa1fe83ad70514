package lab.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import lab.faults.Voter.Attempt;
import lab.faults.Voter.Outcome;
import org.junit.jupiter.api.Test;

/// What the judge accepts of a vote in doubt, and what not.
class VerdictTest {
    private static final long FAULT_OVER = 10_000;

    private final Voter voter = new Voter("v", new ArrayList<>());
    private final Judge judge = new Judge(Map.of("v", voter), _ -> FAULT_OVER);

    @Test
    void theLastAcknowledgedVoteCounts() {
        voted("a", 0, Outcome.ACKNOWLEDGED);
        voted("b", 1000, Outcome.ACKNOWLEDGED);
        assertVerdict("stale", "a", "a");
        assertVerdict("lost", null);
        assertAcquitted("b", "a", "b");
        assertAcquitted("b", "b");
        assertVerdict("stepped back", "b", "b", "a", "b");
    }

    @Test
    void aLaterVoteInDoubtMayCountAndOneThatNobodyTookMayNot() {
        voted("a", 0, Outcome.ACKNOWLEDGED);
        voted("b", 1000, Outcome.UNANSWERED);
        voted("c", 2000, Outcome.REFUSED);
        voted("d", 3000, Outcome.UNDELIVERED);
        assertAcquitted("a", "a");
        assertAcquitted("b", "a", "b");
        assertAcquitted("c", "a", "c");
        assertVerdict("stored though never sent", "d", "a", "d");
    }

    @Test
    void aVoteInDoubtMayComeLateWhileItsFaultLastsAndNotLater() {
        voted("a", 0, Outcome.REFUSED);
        voted("b", FAULT_OVER, Outcome.ACKNOWLEDGED);
        assertAcquitted("a", "b", "a");
        assertTrue(judge.late > 0);
        voted("c", FAULT_OVER + 3000, Outcome.ACKNOWLEDGED);
        assertVerdict("stale", "a", "c", "a");
    }

    @Test
    void strangersAWrongTallyAndGarbageThatIsMissingOrTwiceThere() {
        judge.votes(Map.of("stranger", "a"), Map.of());
        judge.counts(Map.of("a", 1L), Map.of("a", 2L));
        judge.garbage(
                Map.of("missing", true, "twice", true, "unsure", false),
                List.of("{message:twice}", "{message:twice}", "{message:other}"));
        assertEquals(5, judge.offences.size());
    }

    private void voted(String vote, long sent, Outcome outcome) {
        voter.attempts().add(new Attempt(vote, sent, sent + 100, outcome));
    }

    private void assertAcquitted(String stored, String... seen) {
        judge.votes(Map.of("v", stored), Map.of("v", List.of(seen)));
        assertEquals(List.of(), judge.offences);
    }

    private void assertVerdict(String offence, String stored, String... seen) {
        var strict = new Judge(Map.of("v", voter), _ -> FAULT_OVER);
        strict.votes(stored == null ? Map.of() : Map.of("v", stored), Map.of("v", List.of(seen)));
        assertEquals(1, strict.offences.size());
        assertTrue(strict.offences.getFirst().startsWith(offence), strict.offences::getFirst);
    }
}
