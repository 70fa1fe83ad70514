package lab.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import lab.faults.Voter.Outcome;
import lab.stack.Await;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// With stores of several machines: the judge acquits our system, and convicts it where a store may forget what only
/// one machine has.
class ClusterJudgeTest {
    private static final List<String> OURS = List.of();
    private static Rig rig;

    @BeforeAll
    static void start() throws Exception {
        rig = new Rig(2, true).start();
    }

    @AfterAll
    static void stop() {
        rig.close();
    }

    @BeforeEach
    void allIsWhole() throws Exception {
        rig.stack.heal();
        Rigs.forget(rig);
    }

    @Test
    void ourSystemKeepsItsPromisesUnderEveryFault() throws Exception {
        var run = new FaultRun(rig, 1).run(100, 20, Fault.possible(true));
        assertEquals(List.of(), run.judge.offences);
        assertTrue(run.crowd.count(Outcome.ACKNOWLEDGED) > 100);
        assertTrue(run.faults() > 0);
    }

    @ParameterizedTest
    @EnumSource(names = {"PRIMARY_CUT", "DATABASE_CUT"})
    void whatOnlyTheLostOneHadWasNotAcknowledged(Fault fault) throws Exception {
        assertEquals(List.of(), offencesAfter(fault));
    }

    @Test
    void aPrimaryThatIsLostWithWhatItsReplicaNeverHadIsConvicted() throws Exception {
        replaceAll(Map.of("REDIS_MIN_REPLICAS", "0"));
        try {
            assertLost(offencesAfter(Fault.PRIMARY_CUT));
        } finally {
            replaceAll(Map.of("REDIS_MIN_REPLICAS", "1"));
        }
    }

    @Test
    void anAsynchronousStandbyThatIsPromotedIsConvicted() throws Exception {
        var primary = rig.stack.postgres;
        primary.execute("ALTER SYSTEM SET synchronous_standby_names = ''", "SELECT pg_reload_conf()");
        Await.until(
                "no commit waits for the standby",
                () -> "async".equals(primary.value("SELECT sync_state FROM pg_stat_replication")));
        assertLost(offencesAfter(Fault.DATABASE_CUT));
    }

    private static void replaceAll(Map<String, String> changed) throws Exception {
        Rigs.replace(rig, rig.workers, OURS, changed);
        Rigs.replace(rig, rig.pages, OURS, changed);
    }

    /// Strikes once.
    private static List<String> offencesAfter(Fault fault) throws Exception {
        return new FaultRun(rig, 1).run(100, 1, List.of(fault)).judge.offences;
    }

    private static void assertLost(List<String> offences) {
        assertTrue(offences.stream().anyMatch(offence -> offence.matches("(?s)(lost|stale): .*")), offences.toString());
        offences.getFirst().lines().limit(1).forEach(System.out::println);
    }
}
