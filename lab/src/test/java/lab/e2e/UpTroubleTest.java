package lab.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import lab.stack.Await;
import lab.stack.RedisServer;
import lab.stack.Service;
import lab.stack.Stack;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What `up` does about a power cut and about stores that end under it.
class UpTroubleTest {
    @TempDir
    private Path data;

    @TempDir
    private Path elsewhere;

    private Launcher launcher;

    @BeforeEach
    void launcher() {
        launcher = new Launcher(data);
    }

    @AfterEach
    void endAll() {
        launcher.close();
    }

    @Test
    void strangersWithTheIdsOfAnEarlierRunAreLeftAlone() throws Exception {
        Process cut = launcher.up(Map.of());
        launcher.awaitReady(cut);
        assertEquals(200, launcher.visitor().vote("a").statusCode());
        launcher.awaitTotal(1);
        List<ProcessHandle> all = new ArrayList<>(List.of(cut.toHandle()));
        all.addAll(cut.descendants().toList());
        all.add(launcher.noted("postgresql/postmaster.pid"));
        all.forEach(ProcessHandle::destroyForcibly);
        all.forEach(process -> process.onExit().join());

        Process watching = new ProcessBuilder("tail", "-f", data + "/postgresql.log").start();
        try (var redis = new RedisServer(elsewhere, Stack.freePort());
                var vote = new Service("vote", Map.of("PORT", "" + Stack.freePort()), List.of(), _ -> {})) {
            redis.start();
            vote.start();
            handOver("services.pid", vote.process());
            handOver("redis/redis.pid", redis.process());
            handOver("postgresql/postmaster.pid", watching.toHandle());

            launcher.awaitReady(launcher.up(Map.of()));
            launcher.awaitTotal(1);
            assertTrue(vote.isAlive(), "a vote.jar that another run has started");
            assertTrue(redis.isAlive(), "the Redis of another folder");
            assertTrue(watching.isAlive(), "somebody who reads a log");
        } finally {
            watching.destroy();
        }
    }

    /// Lets a file name this process, as if the system had given it the noted one's id.
    private void handOver(String pidFile, ProcessHandle stranger) throws IOException {
        Path file = data.resolve(pidFile);
        Files.writeString(file, Files.readString(file).replaceFirst("^[0-9]+", "" + stranger.pid()));
    }

    @Test
    void killedStoresAreStartedAgainWithTheirVotes() throws Exception {
        Process up = launcher.up(Map.of());
        launcher.awaitReady(up);
        assertEquals(200, launcher.visitor().vote("a").statusCode());
        launcher.awaitTotal(1);

        launcher.noted("redis/redis.pid").destroyForcibly();
        launcher.noted("postgresql/postmaster.pid").destroyForcibly();

        Visitor second = launcher.visitor();
        Await.until("a vote is taken", () -> second.vote("b").statusCode() == 200);
        launcher.awaitTotal(2);
        assertTrue(launcher.output(up).contains("redis ended"), launcher.output(up));
        assertTrue(launcher.output(up).contains("postgresql ended"), launcher.output(up));
    }

    @Test
    void whatWasJustStartingIsStoppedToo() throws Exception {
        Process up = launcher.up(Map.of());
        Path log = data.resolve("postgresql.log");
        Await.until(
                "it starts", () -> Files.exists(log) && Files.readString(log).contains("starting PostgreSQL"));
        up.destroy();
        up.waitFor();
        launcher.assertNothingRuns();
    }
}
