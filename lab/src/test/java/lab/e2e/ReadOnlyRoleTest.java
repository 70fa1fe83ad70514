package lab.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import lab.stack.Await;
import lab.stack.Service;
import lab.stack.TestSystem;
import org.junit.jupiter.api.Test;

/// The result page as a role that may only read: it waits until somebody has made the schema, and needs no more.
class ReadOnlyRoleTest {
    @Test
    void theResultPageNeedsNothingButSelect() throws Exception {
        try (var system = new TestSystem(Map.of(), "vote", "worker")) {
            system.stack.startStores();
            system.postgres.execute("CREATE ROLE reader LOGIN");
            Service result = system.stack.add("result", List.of(), Map.of("PGUSER", "reader"));
            result.start();
            Await.until("it may not make the schema, and says so", () -> said(system, "permission denied for schema"));
            system.service("vote").start();
            system.service("worker").start();
            system.service("worker").awaitReady();
            system.postgres.execute("GRANT SELECT ON votes, tally, queue TO reader");
            result.awaitReady(); // LISTEN included, or it would not be
            assertEquals(200, system.service("vote").vote("b").statusCode());
            system.awaitVotes(0, 1);
            assertEquals(List.of(), system.stackTraces());
        }
    }

    private static boolean said(TestSystem system, String text) {
        return system.log.stream().anyMatch(line -> line.startsWith("result") && line.contains(text));
    }
}
