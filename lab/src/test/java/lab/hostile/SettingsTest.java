package lab.hostile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import lab.stack.Stack;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// A setting that makes no sense ends a service with one sentence that names it and exit code 2, before it opens its
/// port: that port is taken here, and a service that tried it would complain of that instead.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SettingsTest {
    private static final String LONG = "x".repeat(101);

    /// @param named the setting that the sentence must begin with
    private record Case(String service, String named, Map<String, String> settings) {}

    private final ExecutorService processes =
            Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors() + 1);
    private ServerSocket taken;
    private Path empty;
    private Path secret;

    @BeforeAll
    void start(@TempDir Path folder) throws IOException {
        taken = new ServerSocket(0);
        empty = Files.createFile(folder.resolve("empty"));
        secret = Files.writeString(folder.resolve("secret"), "secret\n");
    }

    @AfterAll
    void stop() throws IOException {
        processes.shutdownNow();
        taken.close();
    }

    @TestFactory
    Stream<DynamicTest> nonsenseIsRefusedInOneSentence() {
        return cases().stream()
                .map(each -> {
                    Future<List<String>> outcome = processes.submit(() -> outcome(each));
                    return DynamicTest.dynamicTest(
                            each.service() + " " + shown(each.settings()), () -> check(each, outcome.get()));
                })
                .toList()
                .stream(); // the list: all are submitted before the first is waited for
    }

    private static String shown(Map<String, String> settings) {
        String text = settings.toString();
        return text.length() > 100 ? text.substring(0, 100) + "…" : text;
    }

    private List<Case> cases() {
        List<Case> all = new ArrayList<>();
        each(all, "vote", "PORT", "| |0|-1|65536|99999999999|http|80.0|0x50|80 81");
        each(all, "vote", "OPTIONS", "| |Cats|Cats,|,|Cats,Cats|Cats,,Dogs|Cats,Dogs\nBirds");
        String twentySeven = IntStream.range(0, 27).mapToObj(i -> "Option " + i).collect(Collectors.joining(","));
        each(all, "vote", "OPTIONS", LONG + ",y|" + twentySeven);
        each(all, "vote", "OPTION_A", "|Dogs|" + LONG + "|\u0007");
        each(all, "vote", "OPTION_B", "");
        each(all, "vote", "QUESTION", "| |" + "x".repeat(201) + "|Which\none?|\u007f");
        String noPages =
                "| |vote.example.org|ftp://example.org/|//x|http://|https:///x|javascript:alert(1)|:5000|0|70000";
        each(all, "vote", "RESULT_URL", noPages + "|http://a b/");
        each(all, "result", "VOTE_URL", noPages + "|5000 5001");
        each(all, "result", "QUESTION", "");
        add(all, "vote", "OPTIONS", Map.of("OPTIONS", "Cats,Dogs", "OPTION_A", "Cats"));
        each(all, "vote", "REDIS_HOST", "|a,|a,,b|redis:6379|redis://redis|a b|db:1|::::|1.2.3.400|a..b|-\u00e4");
        each(all, "vote", "REDIS_PORT", "|x|0|70000");
        each(all, "vote", "REDIS_PASSWORD", "| |a\nb");
        each(all, "vote", "REDIS_PASSWORD_FILE", "|/|/nowhere/at/all|/dev/null|/dev/zero|" + empty);
        add(all, "vote", "REDIS_PASSWORD", Map.of("REDIS_PASSWORD", "x", "REDIS_PASSWORD_FILE", secret.toString()));
        for (String service : List.of("vote", "worker")) {
            each(all, service, "QUEUE_PARTITIONS", "|0|-1|101|many|2.5");
            each(all, service, "REDIS_MIN_REPLICAS", "|-1|6|all");
            each(all, service, "REDIS_TLS", "|yes|TRUE");
            add(all, service, "REDIS_PORT", Map.of("REDIS_HOST", "a,b,c", "REDIS_PORT", "1,2"));
            add(all, service, "REDIS_PORT", Map.of("REDIS_HOST", "a", "REDIS_PORT", "1,2"));
        }
        for (String service : List.of("worker", "result")) {
            add(all, service, "PGPORT", Map.of("PGHOST", "a,b,c", "PGPORT", "1,2"));
            each(all, service, "PGSSLMODE", "|yes|verify");
            each(all, service, "PGSSLROOTCERT", "|/nowhere/at/all");
            each(all, service, "PORT", "|70000");
            each(all, service, "PGHOST", "|postgresql://db|db:5432");
            each(all, service, "PGPORT", "|x|0");
            each(all, service, "PGUSER", "|a\nb");
            each(all, service, "PGPASSWORD", "");
            each(all, service, "PGPASSWORD_FILE", "/nowhere/at/all");
            each(all, service, "PGDATABASE", "");
            add(all, service, "PGPASSWORD", Map.of("PGPASSWORD", "x", "PGPASSWORD_FILE", secret.toString()));
            add(all, service, "PORT", Map.of()); // taken
        }
        each(all, "result", "OPTIONS", "Cats");
        each(all, "worker", "REDIS_HOST", "");
        each(all, "worker", "REDIS_PORT", "x");
        add(all, "vote", "PORT", Map.of());
        return all;
    }

    /// @param values with a | between any two
    private static void each(List<Case> all, String service, String setting, String values) {
        for (String value : values.split("\\|", -1)) {
            add(all, service, setting, Map.of(setting, value));
        }
    }

    private static void add(List<Case> all, String service, String named, Map<String, String> settings) {
        all.add(new Case(service, named, settings));
    }

    /// Starts the service and waits for its end: its exit code, then the lines that it printed.
    private List<String> outcome(Case hostile) throws IOException, InterruptedException {
        var builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-jar",
                        Stack.root()
                                .resolve(hostile.service(), "target", hostile.service() + ".jar")
                                .toString())
                .redirectErrorStream(true);
        builder.environment().put("PORT", Integer.toString(taken.getLocalPort()));
        builder.environment().putAll(hostile.settings());
        Process process = builder.start();
        List<String> outcome = new ArrayList<>(process.inputReader().readAllLines());
        outcome.addFirst(Integer.toString(process.waitFor()));
        return outcome;
    }

    private static void check(Case hostile, List<String> outcome) {
        assertEquals("2", outcome.getFirst());
        List<String> said = outcome.stream()
                .skip(1)
                .filter(line -> !line.contains("Waiting for"))
                .toList();
        assertEquals(1, said.size(), said.toString());
        assertTrue(said.getFirst().matches(hostile.named() + "[ ,].*\\."), said.toString());
    }
}
