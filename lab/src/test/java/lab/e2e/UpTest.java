package lab.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import lab.stack.Await;
import lab.stack.Stack;
import org.json.JSONObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The command `up`, as a process of its own in a data folder of its own.
class UpTest {
    private static final String QUICK = "-XX:TieredStopAtLevel=1";

    @TempDir
    private Path data;

    private final int votePort = Stack.freePort();
    private final int resultPort = Stack.freePort();
    private final Map<Process, Path> logs = new HashMap<>();

    @Test
    void votesSurviveARestartAndAKilledLauncherIsCleanedUpAfter() throws Exception {
        Process first = up(Map.of());
        awaitReady(first);
        assertEquals(200, new Visitor(address(votePort)).vote("a").statusCode());
        awaitTotal(1);
        first.destroy();
        first.waitFor();
        assertNothingListens();

        Process second = up(Map.of());
        awaitReady(second);
        awaitTotal(1);
        second.destroyForcibly().waitFor();
        assertEquals(200, new Visitor(address(votePort)).vote("b").statusCode(), "its services are still there");

        Process third = up(Map.of());
        awaitReady(third);
        awaitTotal(2);

        Process beside = up(Map.of());
        assertEquals(2, beside.waitFor());
        assertTrue(output(beside).contains("already running"), output(beside));

        third.destroy();
        third.waitFor();
        assertNothingListens();

        Process fresh = up(Map.of(), "--fresh");
        awaitReady(fresh);
        assertEquals(0, results().getInt("total"));
        fresh.destroy();
        fresh.waitFor();
    }

    @Test
    void aTakenPortIsReportedWithTheSettingThatChangesIt() throws Exception {
        try (var taken = new ServerSocket()) {
            taken.bind(new InetSocketAddress(resultPort));
            Process up = up(Map.of());
            assertEquals(2, up.waitFor());
            assertTrue(output(up).startsWith("RESULT_PORT " + resultPort + " is taken"), output(up));
        }
    }

    @Test
    void aSettingThatMakesNoSenseStopsEverythingWithOneSentence() throws Exception {
        Process up = up(Map.of("OPTIONS", "Cats"));
        assertEquals(2, up.waitFor());
        assertTrue(output(up).contains("OPTIONS must name 2 to 26 options"), output(up));
        assertNothingListens();
    }

    private Process up(Map<String, String> settings, String... arguments) throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        List<String> command = new ArrayList<>(List.of(
                java, QUICK, "-Dlab.data=" + data, "-cp", System.getProperty("java.class.path"), "lab.Lab", "up"));
        command.addAll(List.of(arguments));
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.redirectOutput(data.resolve("up-" + System.nanoTime() + ".log").toFile());
        builder.environment().put("VOTE_PORT", Integer.toString(votePort));
        builder.environment().put("RESULT_PORT", Integer.toString(resultPort));
        for (String service : List.of("VOTE", "WORKER", "RESULT")) {
            builder.environment().put(service + "_JAVA_OPTS", QUICK);
        }
        builder.environment().putAll(settings);
        Process process = builder.start();
        logs.put(process, builder.redirectOutput().file().toPath());
        return process;
    }

    private String output(Process process) throws IOException {
        return Files.readString(logs.get(process));
    }

    private void awaitReady(Process process) {
        Pattern ready = Pattern.compile("Vote at +http://localhost:" + votePort + "\n.*:" + resultPort);
        Await.until("up is ready", () -> {
            assertTrue(process.isAlive(), output(process));
            return ready.matcher(output(process)).find();
        });
    }

    private void awaitTotal(int total) {
        Await.until("the total is " + total, () -> results().getInt("total") == total);
    }

    private JSONObject results() throws IOException, InterruptedException {
        return new JSONObject(new Visitor(address(resultPort)).get("results").body());
    }

    private void assertNothingListens() throws IOException {
        for (int port : List.of(votePort, resultPort)) {
            try (var socket = new ServerSocket()) {
                socket.setReuseAddress(true);
                socket.bind(new InetSocketAddress(port));
            }
        }
        for (String pidFile : List.of("redis/redis.pid", "postgresql/postmaster.pid", "services.pid")) {
            assertFalse(Files.exists(data.resolve(pidFile)), pidFile);
        }
    }

    private static URI address(int port) {
        return URI.create("http://127.0.0.1:" + port + "/");
    }
}
