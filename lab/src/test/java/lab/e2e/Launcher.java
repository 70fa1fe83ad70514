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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import lab.stack.Await;
import lab.stack.Java;
import lab.stack.Stack;
import org.json.JSONObject;

/// The command `up`, as processes of their own in one data folder and on two ports of their own.
final class Launcher implements AutoCloseable {
    private static final String QUICK = "-XX:TieredStopAtLevel=1";
    private static final List<String> RUN_FILES = List.of("redis/redis.pid", "postgresql/postmaster.pid", "stores");

    final int votePort = Stack.freePort();
    final int resultPort = Stack.freePort();
    private final Path data;
    private final Map<Process, Path> logs = new LinkedHashMap<>();

    Launcher(Path data) {
        this.data = data;
    }

    Process up(Map<String, String> settings, String... arguments) throws IOException {
        return up(List.of(), settings, arguments);
    }

    /// The same by way of another program, which gets the command as its last arguments.
    Process up(List<String> way, Map<String, String> settings, String... arguments) throws IOException {
        List<String> flags = List.of(QUICK, "-Dlab.data=" + data, "-cp", System.getProperty("java.class.path"));
        var builder = Java.command(Java.LAUNCHER, flags, "lab.Lab", "up").redirectErrorStream(true);
        builder.command().addAll(0, way);
        builder.command().addAll(List.of(arguments));
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

    /// Forgets all votes, as `./build.sh reset` does; returns when they are forgotten.
    void reset() throws IOException, InterruptedException {
        var builder = Java.command(
                Java.LAUNCHER, List.of("-cp"), Stack.root().resolve("worker/target/worker.jar"), "worker.Reset");
        for (String setting : Files.readAllLines(data.resolve("stores"))) {
            builder.environment().put(setting.split("=")[0], setting.split("=")[1]);
        }
        assertEquals(
                0,
                builder.redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor());
    }

    String output(Process up) throws IOException {
        return Files.readString(logs.get(up));
    }

    void awaitReady(Process up) {
        Pattern ready = Pattern.compile("Vote at +http://localhost:" + votePort + "\n.*:" + resultPort);
        Await.until("up is ready", () -> {
            assertTrue(up.isAlive(), output(up));
            return ready.matcher(output(up)).find();
        });
    }

    Visitor visitor() {
        return new Visitor(address(votePort));
    }

    JSONObject results() throws IOException, InterruptedException {
        return new JSONObject(new Visitor(address(resultPort)).get("results").body());
    }

    void awaitTotal(int total) {
        Await.until("the total is " + total, () -> results().getInt("total") == total);
    }

    private static URI address(int port) {
        return URI.create("http://127.0.0.1:" + port + "/");
    }

    /// The first number in a file of the data folder.
    ProcessHandle noted(String pidFile) throws IOException {
        String pid = Files.readString(data.resolve(pidFile)).split("\\s")[0];
        return ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
    }

    void assertNothingRuns() throws IOException {
        for (int port : List.of(votePort, resultPort)) {
            try (var socket = new ServerSocket()) {
                socket.setReuseAddress(true);
                socket.bind(new InetSocketAddress(port));
            }
        }
        for (String file : RUN_FILES) {
            assertFalse(Files.exists(data.resolve(file)), file);
        }
    }

    /// Ends each as Ctrl-C does; the last one cleans up after those that were killed.
    @Override
    public void close() {
        for (Process up : logs.keySet()) {
            up.destroy();
            up.onExit().join();
        }
    }
}
