package lab.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import lab.stack.Await;
import lab.stack.Service;
import lab.stack.TestSystem;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// Two lists of votes, and two workers that share them.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ListsTest {
    private static final String SILENT =
            "No worker is heard of for votes:1. What waits there is counted when one is back.";

    private final TestSystem system =
            new TestSystem(Map.of("QUEUE_PARTITIONS", "2"), "vote", "worker", "worker", "result");

    @BeforeEach
    void allIsWellAndNobodyHasVoted() throws Exception {
        system.startOver();
    }

    @AfterAll
    void stop() {
        system.close();
    }

    private List<Service> workers() {
        return system.stack.services().stream()
                .filter(service -> service.name().equals("worker"))
                .toList();
    }

    /// So many that each list has some.
    private void vote(String option) throws Exception {
        for (int i = 0; i < 40; i++) {
            assertEquals(200, system.service("vote").vote(option).statusCode());
        }
    }

    private void awaitTrouble(String sentence) {
        Await.until(
                "it says \"" + sentence + "\"",
                () -> system.results().getString("trouble").equals(sentence));
    }

    @Test
    void whicheverWorkerIsKilledTheOtherServesBothLists() throws Exception {
        int votes = 0;
        for (Service killed : workers()) {
            killed.kill();
            vote("a");
            votes += 40;
            system.awaitVotes(votes, 0);
            killed.start();
            killed.awaitReady();
        }
        assertEquals(
                List.of(List.of("votes"), List.of("votes:1")),
                system.postgres.rows("SELECT name FROM queue WHERE stored > 0 ORDER BY name"));
    }

    @Test
    void aListThatNoWorkerServesIsNamedUntilOneDoes() throws Exception {
        awaitTrouble("");
        for (Service worker : workers()) {
            TestSystem.replace(system.stack, worker, List.of(), Map.of("QUEUE_PARTITIONS", "1"))
                    .start();
        }
        awaitTrouble(SILENT);
        vote("b");
        Await.until("the first list is empty", () -> system.stack.isEmpty("votes"));
        awaitTrouble(SILENT);
        system.start("worker", Map.of());
        system.awaitVotes(0, 40);
        awaitTrouble("");
        for (Service worker : workers()) {
            TestSystem.replace(system.stack, worker, List.of(), Map.of("QUEUE_PARTITIONS", "2"))
                    .start();
        }
    }
}
