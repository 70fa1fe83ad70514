package lab.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What `up` does about a power cut, stores that end under it, and a disk that takes nothing.
class UpTroubleTest {
    private static final int TOLD_TO_END = 143;

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

        List<String> theirs = List.of("-Dlab.folder=" + data + "-of-others");
        Process watching = new ProcessBuilder("tail", "-f", data + "/postgresql.log").start();
        try (var redis = new RedisServer(elsewhere, Stack.freePort(), "");
                var vote = new Service("vote", Map.of("PORT", "" + Stack.freePort()), theirs, _ -> {})) {
            redis.start();
            vote.start();
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
        assertEquals(TOLD_TO_END, up.waitFor());
        assertFalse(launcher.output(up).contains("did not start"), launcher.output(up));
        launcher.assertNothingRuns();
    }

    /// Ctrl-C goes to all that share the terminal; but the services need the stores for as long as they run.
    @Test
    void noServiceMissesAStoreWhenAllAreToldToEnd() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/setsid")), "no such command here");
        Process up = launcher.up(List.of("/usr/bin/setsid"), Map.of());
        launcher.awaitReady(up);
        new ProcessBuilder("kill", "-TERM", "--", "-" + up.pid()).start().waitFor();
        assertEquals(TOLD_TO_END, up.waitFor());
        assertFalse(launcher.output(up).contains("Waiting for"), launcher.output(up));
        launcher.assertNothingRuns();
    }

    @Test
    void oneSentenceSaysThatAServiceCannotStart() throws Exception {
        Process up = launcher.up(Map.of("WORKER_JAVA_OPTS", "-XX:NoSuchFlag"));
        assertEquals(2, up.waitFor());
        String output = launcher.output(up);
        assertTrue(output.contains("\nworker ended 3 times before it was ready"), output);
        assertTrue(output.contains("correct WORKER_JAVA_OPTS.\n"), output);
        launcher.assertNothingRuns();
    }

    @Test
    void oneSentenceNamesAFolderThatCannotBeWritten() throws Exception {
        Process up = launcher.up(onDisk("ro"), Map.of());
        assertEquals(2, up.waitFor());
        assertTrue(launcher.output(up).startsWith(data + " cannot be written"), launcher.output(up));
        assertEquals(1, launcher.output(up).lines().count(), launcher.output(up));
    }

    @ParameterizedTest
    @ValueSource(strings = {"100k", "20m"}) // too small for Redis' program, and for PostgreSQL's files
    void oneSentenceSaysThatTheDiskIsFull(String size) throws Exception {
        Process up = launcher.up(onDisk("size=" + size), Map.of());
        assertEquals(2, up.waitFor());
        String[] lines = launcher.output(up).lines().toArray(String[]::new);
        assertTrue(lines[1].contains(" did not start: ") && lines[1].contains("MB left"), launcher.output(up));
        assertEquals(List.of(lines[0], lines[1], "Stopping …"), List.of(lines), launcher.output(up));
    }

    @Test
    void theBuildNamesACheckoutThatCannotBeWritten() throws Exception {
        onDisk("ro");
        Process build = new ProcessBuilder(
                        "unshare",
                        "-rm",
                        "sh",
                        "-c",
                        "mount --bind . . && mount -o remount,bind,ro . && cd \"$PWD\" && ./build.sh build")
                .directory(Stack.root().toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(build.getInputStream().readAllBytes());
        assertEquals(1, build.waitFor(), output);
        assertTrue(output.startsWith(Stack.root() + " cannot be written"), output);
        assertEquals(1, output.lines().count(), output);
    }

    /// The way to a command that sees a small disk of its own in place of the data folder. Linux has it, also without
    /// root unless that was forbidden.
    private List<String> onDisk(String options) throws InterruptedException {
        List<String> way = List.of(
                "unshare",
                "-rm",
                "sh",
                "-c",
                "mount -t tmpfs -o \"$0\" tmpfs \"$1\" && shift && exec \"$@\"",
                options,
                data.toString());
        List<String> nothing = new ArrayList<>(way);
        nothing.add("true");
        boolean possible = false;
        try {
            possible = new ProcessBuilder(nothing).start().waitFor() == 0;
        } catch (IOException _) {
            // another system
        }
        assumeTrue(possible, "no disk can be mounted here");
        return way;
    }
}
