package lab.jvm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import lab.Lab;
import lab.stack.Java;
import lab.stack.Service;
import lab.stack.Stack;
import org.json.JSONObject;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// With real JVMs, and the voting page as a user builds it.
class JvmTest {
    private static final List<String> LOG = Collections.synchronizedList(new ArrayList<>());

    @TempDir
    private static Path folder;

    private static Path trainedForSerial;

    /// A voting page without Redis, which is enough for an answer.
    private static Service page(List<String> flags) {
        Map<String, String> settings = Map.of(
                "PORT", Integer.toString(Stack.freePort()),
                "REDIS_HOST", "127.0.0.1",
                "REDIS_PORT", Integer.toString(Stack.freePort()));
        return new Service("vote", settings, flags, LOG::add);
    }

    @BeforeAll
    static void train() throws InterruptedException {
        trainedForSerial = folder.resolve("serial.aot");
        try (var service = page(List.of("-XX:+UseSerialGC", "-XX:AOTCacheOutput=" + trainedForSerial))) {
            service.start();
            service.awaitAnswer();
            service.process().destroy();
            service.process().onExit().join();
        }
        assertTrue(Files.exists(trainedForSerial), () -> String.join("\n", LOG));
    }

    @Test
    void anArchiveThatFitsIsUsed() throws Exception {
        var variant = Variant.of("aot=-XX:+UseSerialGC -XX:AOTCache=" + trainedForSerial);
        try (var service = page(variant.strictFlags())) {
            service.start();
            service.awaitAnswer();

            String flags = Java.tool("jcmd", service.process().pid(), "VM.flags");
            assertTrue(flags.contains("-XX:AOTCache=" + trainedForSerial), flags);
        }
    }

    @Test
    void anArchiveThatDoesNotFitIsAnErrorAndNotASlowRow() throws Exception {
        var variant = Variant.of("aot=-XX:+UseZGC -XX:AOTCache=" + trainedForSerial);
        try (var service = page(variant.strictFlags())) {
            service.start();

            var failure = assertThrows(IllegalStateException.class, service::awaitAnswer);

            assertEquals("vote ended instead of answering", failure.getMessage());
            assertTrue(String.join("\n", LOG).contains("Unable to use AOT cache"), () -> String.join("\n", LOG));
        }
    }

    @Test
    void aVariantThatFailsIsReportedAndTheOthersAreCompared() throws Exception {
        Path notACache = Files.writeString(folder.resolve("wrong.aot"), "not a cache");
        String arguments =
                "jvm --forks 3 --seconds 1 --rate 100 --force --variant base=-XX:TieredStopAtLevel=1 --variant";

        List<String> all = new ArrayList<>(List.of(arguments.split(" ")));
        all.add("wrong=-XX:AOTCache=" + notACache);
        assertEquals(1, Lab.run(all.toArray(String[]::new)));

        Path report = newestReport();
        var json = new JSONObject(Files.readString(report.resolve("report.json")));
        assertTrue(json.get("verdict").toString().contains("FAILED: wrong"), json::toString);
        var start = json.getJSONArray("measures").getJSONObject(0).getJSONArray("series");
        assertEquals(2, start.length(), "the base, and the base again");
        assertEquals(3, start.getJSONObject(1).getJSONArray("samples").length());
        assertFalse(start.getJSONObject(1).getString("remark").isEmpty());
        for (String raw : List.of("base-1.jfr", "base-1.hlog", "base-1.gc.log", "base-again-A-A-3.jfr")) {
            assertTrue(Files.size(report.resolve(raw)) > 0, raw);
        }
        assertTrue(Files.readString(report.resolve("report.html")).contains("Pauses of the collector"));
        assertTrue(json.get("folds").toString().contains("[\"Allocation by Site\",\"Method "), json::toString);
        try (Stream<String> frames = Files.lines(report.resolve("base-1.flame.html"))) {
            assertTrue(frames.filter(line -> line.matches("[fun]\\([0-9,]+\\)")).count() > 10);
        }
    }

    @Test
    void ctrlCLeavesAReportOfWhatThereIs() throws Exception {
        String arguments = "jvm --forks 9 --seconds 1 --rate 100 --force --variant base=-XX:TieredStopAtLevel=1";
        List<String> command = new ArrayList<>(List.of("-cp", System.getProperty("java.class.path"), "lab.Lab"));
        command.addAll(List.of(arguments.split(" ")));
        Process lab = Java.command(Java.LAUNCHER, List.of(), command.toArray())
                .redirectErrorStream(true)
                .start();
        var said = new StringBuilder();
        try (var lines = lab.inputReader()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                said.append(line).append('\n');
                if (line.startsWith("  1/9 ")) {
                    new ProcessBuilder("kill", "-INT", Long.toString(lab.pid()))
                            .start()
                            .waitFor();
                }
            }
        }

        assertEquals(130, lab.waitFor(), said::toString);
        assertTrue(said.toString().contains("CUT SHORT"), said::toString);
        assertFalse(said.toString().contains("FAILED"), said::toString);
        assertFalse(said.toString().contains("Exception"), said::toString);
        Path written = Path.of(said.toString().replaceFirst("(?s).*Written: (\\S+).*", "$1"));
        assertTrue(Files.readString(written).contains("CUT SHORT"));
    }

    private static Path newestReport() throws IOException {
        try (Stream<Path> reports = Files.list(Stack.root().resolve("target", "jvm"))) {
            return reports.max(Comparator.naturalOrder()).orElseThrow();
        }
    }

    @Test
    void theAgentHasRequestsHandledByAPoolAndKeepsALiveSet() throws Exception {
        try (var service = page(List.of("-Xmx64m", "-javaagent:" + agent(folder) + "=threads=3,live=20"))) {
            service.start();
            service.awaitAnswer();

            String asked = Java.tool("jcmd", service.process().pid(), "GC.class_histogram\nThread.print");
            assertTrue(asked.contains("\"pool-1-thread-1\""), asked);
            assertTrue(asked.contains("lab.jvm.Agent$Voter"), asked);
        }
    }

    /// What the build makes of lab.jar after these tests: a jar whose manifest names the agent.
    static Path agent(Path folder) throws IOException {
        var manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().putValue("Premain-Class", Agent.class.getName());
        manifest.getMainAttributes()
                .put(
                        Attributes.Name.CLASS_PATH,
                        Stack.root().resolve("lab/target/classes").toUri().toString());
        Path jar = folder.resolve("agent.jar");
        new JarOutputStream(Files.newOutputStream(jar), manifest).close();
        return jar;
    }
}
