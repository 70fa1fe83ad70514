package lab.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.concurrent.CompletionException;
import lab.stack.Server;
import org.junit.jupiter.api.Test;

class RigTest {
    /// PostgreSQL finds its port taken when Redis and the services run.
    @Test
    void aStartThatFailsLeavesNothingThatRuns() throws Exception {
        var rig = new Rig(1, false);
        try (var _ = new ServerSocket(rig.stack.postgres.port(), 1, InetAddress.getLoopbackAddress())) {
            var failure = assertThrows(CompletionException.class, rig::start);
            assertTrue(failure.getMessage().contains("PostgreSQL did not start"), failure.getMessage());
            assertTrue(rig.workers.getFirst().process() != null, "it was started");
            assertEquals(
                    List.of(),
                    rig.stack.servers().stream().filter(Server::isAlive).toList());
        } finally {
            rig.close();
        }
    }
}
