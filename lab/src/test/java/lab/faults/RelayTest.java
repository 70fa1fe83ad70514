package lab.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import lab.faults.Voter.Attempt;
import lab.faults.Voter.Outcome;
import lab.stack.Await;
import lab.stack.Service;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A relay between page and Redis is stuck for longer than the page waits, or ends the page's connection at once, and
/// then delivers what it has read all the same, after a later vote: that must not be a vote that was answered 200.
class RelayTest {
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void onlyAVoteThatWasNotAnsweredWith200OvertakesALaterOne(boolean hangsUp) throws Exception {
        try (var rig = new Rig(1, false).start();
                var crowd = new Crowd(List.of(), 1)) {
            Service page = rig.pages.getFirst();
            Proxy relay = rig.wires.getFirst();
            Voter voter = crowd.newVoter(new Random(1));
            boolean isHeld = false;
            while (!isHeld) { // until the vote is what sticks, and not the page's own look whether Redis is there
                relay.open();
                voteUntilTaken(crowd, voter, page);
                relay.stick();
                var vote = CompletableFuture.runAsync(() -> vote(crowd, voter, page));
                Await.until("it sticks, or has its answer", () -> holds(relay, voter) || vote.isDone());
                isHeld = holds(relay, voter);
                if (hangsUp) {
                    relay.flows.stream()
                            .filter(flow -> flow.stuck && flow.from.getLocalPort() == relay.port())
                            .forEach(flow -> Proxy.drop(flow.from, true));
                }
                vote.join();
            }
            Attempt held = voter.attempts().getLast();
            voteUntilTaken(crowd, voter, page);
            awaitStored(rig, voter.attempts().getLast());
            relay.open();
            awaitStored(rig, held);

            long over = crowd.now();
            var judge = new Judge(crowd.voters, _ -> over);
            judge.votes(Map.of(voter.id(), held.vote()), Map.of());
            assertEquals(List.of(), judge.offences);
            assertEquals(Outcome.REFUSED, held.outcome());
            assertTrue(judge.late > 0, "it is counted as late");

            voteUntilTaken(crowd, voter, page);
            awaitStored(rig, voter.attempts().getLast());
        }
    }

    private static boolean holds(Proxy relay, Voter voter) {
        return relay.flows.stream().anyMatch(flow -> flow.held.toString().contains(voter.id()));
    }

    private static void vote(Crowd crowd, Voter voter, Service page) {
        try {
            crowd.vote(voter, page);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void voteUntilTaken(Crowd crowd, Voter voter, Service page) {
        Await.until("a vote is taken", () -> crowd.vote(voter, page) == Outcome.ACKNOWLEDGED);
    }

    private static void awaitStored(Rig rig, Attempt attempt) {
        Await.until(
                "it is stored: " + attempt,
                () -> attempt.vote().equals(rig.stack.postgres.value("SELECT vote FROM votes")));
    }
}
