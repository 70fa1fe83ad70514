package lab.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Map;
import lab.stack.Await;
import lab.stack.Service;
import lab.stack.TestSystem;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// Several hosts for one store.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostsTest {
    private final TestSystem system = new TestSystem(Map.of(), "vote", "worker", "result").start();

    @AfterAll
    void stop() {
        system.close();
    }

    @Test
    void severalRedisThatAreNoClusterAreRefused() throws Exception {
        int port = system.redis.port();
        Service page = system.stack.add("vote", List.of(), several("REDIS", port, port));
        page.start();
        Await.until(
                "it says why",
                () -> system.log.stream()
                        .anyMatch(line -> line.endsWith("Waiting for Redis: REDIS_HOST names several, and 127.0.0.1:"
                                + port + " is no node of a cluster")));
        page.stop();
    }

    /// It takes connections, as the kernel does for a frozen server, and says nothing.
    @Test
    void aFrozenFirstPostgresqlKeepsNobodyFromTheSecond() throws Exception {
        try (var frozen = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            long start = System.nanoTime();
            var hosts = several("PG", frozen.getLocalPort(), system.postgres.port());
            for (String service : new String[] {"worker", "result"}) {
                Service its = TestSystem.replace(system.stack, system.service(service), List.of(), hosts);
                its.start();
                its.awaitReady();
            }
            System.out.printf("two services past a frozen PostgreSQL: %.1f s%n", (System.nanoTime() - start) / 1e9);
            assertEquals(200, system.service("vote").vote("a").statusCode());
            system.awaitVotes(1, 0);
        }
    }

    /// A lone Redis, where copies are asked for.
    @Test
    void aPageWithoutTheReplicasThatItNeedsIsUnreadyAndSaysSoOnce() throws Exception {
        system.log.clear();
        Service page = system.stack.add("vote", List.of(), Map.of("REDIS_MIN_REPLICAS", "1"));
        page.start();
        Await.until("it says how it found Redis", () -> !saidOfRedis().isEmpty());
        for (int i = 0; i < 3; i++) {
            assertEquals(503, page.vote("a").statusCode());
        }
        assertTrue(page.unready().contains("redis"));
        page.stop();
        assertEquals(List.of("Waiting for Redis: fewer than REDIS_MIN_REPLICAS=1 replicas have it"), saidOfRedis());
    }

    private List<String> saidOfRedis() {
        return system.log.stream()
                .filter(line -> line.startsWith("vote") && line.contains("Redis"))
                .map(line -> line.replaceFirst(".*(Waiting|Connected)", "$1"))
                .toList();
    }

    private static Map<String, String> several(String store, int first, int second) {
        String host = store.equals("PG") ? "PGHOST" : "REDIS_HOST";
        return Map.of(host, "127.0.0.1,127.0.0.1", host.replace("HOST", "PORT"), first + "," + second);
    }
}
