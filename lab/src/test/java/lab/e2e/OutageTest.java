package lab.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import lab.stack.Await;
import lab.stack.Service;
import org.junit.jupiter.api.Test;

/// Late, restarted or missing neighbours are normal.
class OutageTest {
    @Test
    void theServicesWaitForStoresThatComeLaterAndSurviveTheirRestart() throws Exception {
        try (var system = new TestSystem(Map.of())) {
            system.stack.startServices();
            awaitUnready(system.vote, "redis");
            awaitUnready(system.worker, "redis");
            awaitUnready(system.result, "postgresql");
            var refused = system.voter().vote("a");
            assertEquals(503, refused.statusCode());
            assertEquals("2", refused.headers().firstValue("Retry-After").orElse(null));
            assertEquals(503, system.voter().get("hits").statusCode());

            system.stack.startStores();
            system.stack.awaitReady();
            system.voter().vote("a");
            system.awaitVotes(1, 0);

            // votes go on while the database is away, and are all stored when it is back
            system.stack.postgres().kill();
            awaitUnready(system.worker, "postgresql");
            awaitUnready(system.result, "postgresql");
            for (int i = 0; i < 20; i++) {
                assertEquals(200, system.voter().vote("b").statusCode());
            }
            system.stack.postgres().start();
            system.awaitVotes(1, 20);

            // a vote that Redis cannot take is refused, and the next one after its return is taken
            system.stack.redis().kill();
            assertEquals(503, system.voter().vote("a").statusCode());
            system.stack.redis().start();
            assertEquals(200, system.voter().vote("a").statusCode());
            system.awaitVotes(2, 20);
        }
    }

    @Test
    void votesThatWereAcknowledgedOutliveAKilledRedisAndAKilledWorker() throws Exception {
        try (var system = TestSystem.started(Map.of())) {
            system.worker.kill();
            for (int i = 0; i < 20; i++) {
                assertEquals(200, system.voter().vote("a").statusCode());
            }
            system.stack.redis().kill();
            system.stack.redis().start();
            assertEquals(200, system.voter().vote("b").statusCode());
            system.worker.start();
            system.awaitVotes(20, 1);
        }
    }

    @Test
    void aFrozenRedisIsAnsweredWith503AndTheVotesAfterItAreTaken() throws Exception {
        try (var system = TestSystem.started(Map.of())) {
            system.stack.redis().freeze();
            assertEquals(503, system.voter().vote("a").statusCode());
            awaitUnready(system.vote, "redis");
            system.stack.redis().thaw();
            Await.until("votes are taken", () -> system.voter().vote("b").statusCode() == 200);
        }
    }

    @Test
    void aServiceThatIsToldToStopEndsWithExitCode143() throws Exception {
        try (var system = TestSystem.started(Map.of())) {
            system.voter().vote("a");
            system.awaitVotes(1, 0);
            for (Service service : system.stack.services()) {
                service.stop();
                assertEquals(143, service.exitCode(), service.name());
            }
        }
    }

    private static void awaitUnready(Service service, String reason) {
        Await.until(service.name() + " says " + reason, () -> {
            String unready = service.unready();
            return unready != null && unready.contains(reason);
        });
        assertTrue(service.isAlive());
    }
}
