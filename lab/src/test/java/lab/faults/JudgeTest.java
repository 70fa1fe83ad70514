package lab.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import lab.faults.Voter.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The judge acquits our system, and convicts every wrong one: a judge who acquits one of them proves nothing.
class JudgeTest {
    private static final int MOST_ROUNDS = 6;
    private static final List<Fault> WORKER_FAULTS =
            List.of(Fault.WORKER_KILL, Fault.WORKER_FREEZE, Fault.WORKER_SESSION);

    @Test
    void ourSystemKeepsItsPromisesUnderEveryFault() throws Exception {
        try (var rig = new Rig(2);
                var run = new FaultRun(rig.start(), 1, System.out::println)) {
            List<Fault> faults =
                    Arrays.stream(Fault.values()).filter(Fault::possible).toList();
            run.run(100, 25, faults);
            assertEquals(List.of(), run.judge().offences());
            assertTrue(run.crowd().count(Outcome.ACKNOWLEDGED) > 100);
            assertTrue(run.faults() > 0);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aWrongWorkerIsConvicted(WrongWorker.Way way) throws Exception {
        try (var rig = new Rig(2, List.of(), instead("WrongWorker", "-Dwrong=" + way))) {
            assertConvicted(rig, WORKER_FAULTS);
        }
    }

    @Test
    void aPageThatAcknowledgesBeforeRedisAnsweredIsConvicted() throws Exception {
        try (var rig = new Rig(1, instead("WrongPage", "-Dwrong"), List.of())) {
            assertConvicted(rig, List.of(Fault.VOTE_KILL, Fault.REDIS_KILL));
        }
    }

    /// Flags that make a service's JVM run this class; the `-jar` that follows them is an argument to it.
    private static List<String> instead(String main, String property) {
        return List.of(property, "-cp", System.getProperty("java.class.path"), "lab.faults." + main);
    }

    /// Sooner or later: in how many rounds depends on where the faults hit.
    private static void assertConvicted(Rig rig, List<Fault> faults) throws Exception {
        rig.start();
        for (int round = 1; round <= MOST_ROUNDS; round++) {
            try (var run = new FaultRun(rig, round, System.out::println)) {
                var offences = run.run(100, 6, faults).judge().offences();
                if (!offences.isEmpty()) {
                    offences.getFirst().lines().limit(1).forEach(System.out::println);
                    return;
                }
            }
            rig.forget();
        }
        throw new AssertionError("acquitted after " + MOST_ROUNDS + " rounds");
    }
}
