package lab.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import lab.faults.Voter.Outcome;
import lab.stack.Service;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The judge acquits our system, and convicts every wrong one: a judge who acquits one of them proves nothing.
class JudgeTest {
    private static final int MOST_ROUNDS = 10;
    private static final List<String> OURS = List.of();

    private static Rig rig;

    @BeforeAll
    static void start() throws Exception {
        rig = new Rig(2, false).start();
    }

    @AfterAll
    static void stop() {
        rig.close();
    }

    @Test
    void ourSystemKeepsItsPromisesUnderEveryFault() throws Exception {
        Rigs.replace(rig, rig.workers, OURS, Map.of());
        var run = new FaultRun(rig, 1).run(100, 25, Fault.possible(false));
        assertEquals(List.of(), run.judge.offences);
        assertTrue(run.crowd.count(Outcome.ACKNOWLEDGED) > 100);
        assertTrue(run.faults() > 0);
    }

    @ParameterizedTest
    @EnumSource
    void aWrongWorkerIsConvicted(WrongWorker.Way way) throws Exception {
        assertConvicted(rig.workers, instead("WrongWorker", "-Dwrong=" + way), Fault.WORKER_KILL, Fault.WORKER_SESSION);
    }

    @Test
    void aPageThatAcknowledgesBeforeRedisAnsweredIsConvicted() throws Exception {
        Rigs.replace(rig, rig.workers, OURS, Map.of());
        try {
            assertConvicted(rig.pages, instead("WrongPage", "-Dwrong"), Fault.VOTE_KILL, Fault.REDIS_KILL);
        } finally {
            Rigs.replace(rig, rig.pages, OURS, Map.of());
        }
    }

    /// Flags that make a service's JVM run this class; the `-jar` that follows them is an argument to it.
    private static List<String> instead(String main, String property) {
        return List.of(property, "-cp", System.getProperty("java.class.path"), "lab.faults." + main);
    }

    /// Sooner or later: in how many rounds depends on where the faults hit.
    private static void assertConvicted(List<Service> services, List<String> flags, Fault... faults) throws Exception {
        for (int round = 1; round <= MOST_ROUNDS; round++) {
            Rigs.replace(rig, services, flags, Map.of());
            var offences = new FaultRun(rig, round).run(100, 3, List.of(faults)).judge.offences;
            if (!offences.isEmpty()) {
                offences.getFirst().lines().limit(1).forEach(System.out::println);
                return;
            }
        }
        throw new AssertionError("acquitted after " + MOST_ROUNDS + " rounds");
    }
}
