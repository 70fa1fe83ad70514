package lab.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;

/// The command `up`, as a process of its own in a data folder of its own.
class UpTest {
    @TempDir
    private Path data;

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
    void votesSurviveARestartAndAKilledLauncherIsCleanedUpAfter() throws Exception {
        Process first = launcher.up(Map.of());
        launcher.awaitReady(first);
        assertFalse(launcher.output(first).contains("Waiting for"), "nothing looks like an error");
        assertEquals(200, launcher.visitor().vote("a").statusCode());
        launcher.awaitTotal(1);
        first.destroy();
        first.waitFor();
        launcher.assertNothingRuns();

        Process second = launcher.up(Map.of());
        launcher.awaitReady(second);
        launcher.awaitTotal(1);
        String said = launcher.output(second);
        assertTrue(said.contains("Ready at http://localhost:" + launcher.votePort + "/ after "), said);
        assertTrue(said.contains("Ready at http://localhost:" + launcher.resultPort + "/ after "), said);
        assertTrue(said.contains("Vote by phone "), said);
        second.destroyForcibly().waitFor();
        assertEquals(200, launcher.visitor().vote("b").statusCode(), "its services are still there");

        Process third = launcher.up(Map.of("QUEUE_PARTITIONS", "2"));
        launcher.awaitReady(third);
        launcher.awaitTotal(2);
        long secondList = secondListsPoll(third);
        launcher.reset();
        launcher.awaitTotal(0);
        assertEquals(secondList + 1, secondListsPoll(third), "all lists are forgotten");
        assertEquals(200, launcher.visitor().vote("b").statusCode());
        launcher.awaitTotal(1);

        Process beside = launcher.up(Map.of());
        assertEquals(2, beside.waitFor());
        assertTrue(launcher.output(beside).contains("already running"), launcher.output(beside));

        third.destroy();
        third.waitFor();
        launcher.assertNothingRuns();

        Process fresh = launcher.up(Map.of(), "--fresh");
        launcher.awaitReady(fresh);
        assertEquals(0, launcher.results().getInt("total"));
        fresh.destroy();
        fresh.waitFor();
    }

    private long secondListsPoll(Process up) throws IOException {
        var said = Pattern.compile("Redis is on port (\\d+)").matcher(launcher.output(up));
        assertTrue(said.find());
        try (var redis = new Jedis("127.0.0.1", Integer.parseInt(said.group(1)))) {
            return Long.parseLong(redis.get("{votes:1}:poll"));
        }
    }

    @Test
    void aTakenPortIsReportedWithTheSettingThatChangesIt() throws Exception {
        try (var taken = new ServerSocket()) {
            taken.bind(new InetSocketAddress(launcher.resultPort));
            Process up = launcher.up(Map.of());
            assertEquals(2, up.waitFor());
            assertTrue(
                    launcher.output(up).startsWith("RESULT_PORT " + launcher.resultPort + " is taken"),
                    launcher.output(up));
        }
    }

    @Test
    void oneSentenceRefusesTwoPagesOnOnePort() throws Exception {
        String port = Integer.toString(launcher.votePort);
        Process up = launcher.up(Map.of("RESULT_PORT", port));
        assertEquals(2, up.waitFor());
        assertTrue(launcher.output(up).startsWith("RESULT_PORT " + port + " is VOTE_PORT too"), launcher.output(up));
        assertEquals(1, launcher.output(up).lines().count(), "nothing was started");
    }

    @Test
    void aSettingThatMakesNoSenseStopsEverythingWithOneSentence() throws Exception {
        Process up = launcher.up(Map.of("OPTIONS", "Cats"));
        assertEquals(2, up.waitFor());
        assertTrue(launcher.output(up).contains("OPTIONS must name 2 to 26 options"), launcher.output(up));
        launcher.assertNothingRuns();
    }
}
