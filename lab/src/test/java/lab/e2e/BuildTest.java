package lab.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.File;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import lab.stack.Stack;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What `build.sh` does where something is missing: in a checkout of its own, with a PATH that has what it needs and no
/// `mvn`, and an empty home.
class BuildTest {
    private static final List<String> TOOLS = List.of(
            "bash dirname readlink sed find mktemp mkdir mv rm cut tar gzip sha512sum shasum grep cat date curl wget env"
                    .split(" "));

    @TempDir
    private Path folder;

    private Path path;
    private Path home;
    private final Map<String, String> environment = new HashMap<>();

    private record Outcome(int exitCode, String output) {}

    @BeforeEach
    void bareMachine() throws IOException {
        path = Files.createDirectory(folder.resolve("path"));
        home = Files.createDirectory(folder.resolve("home"));
        Files.createDirectories(folder.resolve("checkout/docker"));
        for (String file : List.of("build.sh", "docker/seed")) {
            Files.copy(Stack.root().resolve(file), folder.resolve("checkout", file));
        }
        for (String tool : TOOLS) {
            for (String place : System.getenv("PATH").split(File.pathSeparator)) {
                if (Files.isExecutable(Path.of(place, tool)) && !Files.exists(path.resolve(tool))) {
                    Files.createSymbolicLink(path.resolve(tool), Path.of(place, tool));
                }
            }
        }
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        environment.put("MVNW_REPOURL", "http://127.0.0.1:" + Stack.freePort());
    }

    @Test
    void mavenIsFetchedOnceAndUsedFromThenOn() throws Exception {
        byte[] archive = archive();
        pin(
                "maven_sha512",
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-512").digest(archive)));
        var requests = new AtomicInteger();
        HttpServer central = serve(archive, requests);
        try {
            for (int time = 0; time < 2; time++) {
                Outcome outcome = build("test");
                assertEquals(0, outcome.exitCode, outcome.output);
                assertTrue(outcome.output.endsWith("this is mvn -B -ntp spotless:check verify\n"), outcome.output);
                assertEquals(time == 0, outcome.output.contains("fetching Maven"), outcome.output);
            }
            assertEquals(1, requests.get());
            assertEquals(List.of("apache-maven-" + pinned("maven")), dists());
        } finally {
            central.stop(0);
        }
    }

    @Test
    void anotherArchiveThanThePinnedOneIsNotUsed() throws Exception {
        HttpServer central = serve(archive(), new AtomicInteger());
        try {
            assertRefused("has not the SHA-512 that build.sh knows", build("test"));
            assertEquals(List.of(), dists());
        } finally {
            central.stop(0);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"curl", "wget"})
    void oneSentenceSaysThatThereIsNoNetwork(String program) throws Exception {
        Files.deleteIfExists(path.resolve(program.equals("curl") ? "wget" : "curl"));
        assertRefused("cannot be fetched (", build("test"));
        assertEquals(List.of(), dists());
    }

    @ParameterizedTest
    @CsvSource({"curl+wget, Neither curl nor wget is here", "tar, there is no tar"})
    void oneSentenceNamesTheProgramThatIsMissing(String missing, String sentence) throws Exception {
        for (String program : missing.split("\\+")) {
            Files.deleteIfExists(path.resolve(program));
        }
        assertRefused(sentence, build("test"));
    }

    @Test
    void oneSentenceSaysThatMavenHasNoPlace() throws Exception {
        Files.createFile(home.resolve(".m2"));
        assertRefused(".m2/wrapper/dists, which cannot be written", build("test"));
    }

    @ParameterizedTest
    @CsvSource({
        "brew, brew install openjdk",
        "apt-get+apt-cache, sudo apt-get install -y openjdk-99-jdk",
        "dnf, sudo dnf install -y java-99-openjdk-devel",
        "pacman, sudo pacman -S --noconfirm jdk-openjdk",
        "zypper, sudo zypper install -y java-99-openjdk-devel",
        "true, https://adoptium.net"
    })
    void aMissingJdkIsToldWithTheCommandOfTheSystem(String manager, String command) throws Exception {
        pin("needed", "99");
        for (String program : manager.split("\\+")) {
            script(path.resolve(program), "");
        }
        Outcome outcome = build("test");
        assertRefused("This needs a JDK 99 or later and found none. Install one: " + command, outcome);
    }

    @ParameterizedTest
    @CsvSource({
        "fuzz abc, 2, fuzz takes a whole number of seconds",
        "flood -1, 2, flood takes a whole number of seconds",
        "seed many, 2, VOTES must be a whole number",
        "seed 0, 2, VOTES must be a whole number",
        "seed 10 --rate 0, 2, --rate must be a whole number",
        "seed 10 --rate, 2, --rate must be a whole number",
        "seed 10 20, 2, seed takes VOTES and --rate N",
        "seed, 1, Nothing answers at http://localhost:",
        "reset now, 2, reset takes nothing",
        "reset, 1, No system is up here",
    })
    void oneSentenceRefusesWhatMakesNoSense(String arguments, int exitCode, String sentence) throws Exception {
        environment.put("VOTE_PORT", "" + Stack.freePort());
        Outcome outcome = build(arguments.split(" "));
        assertEquals(exitCode, outcome.exitCode, outcome.output);
        assertTrue(outcome.output.startsWith(sentence), outcome.output);
        assertEquals(1, outcome.output.lines().count(), outcome.output);
    }

    private void assertRefused(String sentence, Outcome outcome) {
        assertEquals(1, outcome.exitCode, outcome.output);
        List<String> lines = outcome.output
                .lines()
                .filter(line -> !line.startsWith("There is no mvn"))
                .toList();
        assertEquals(1, lines.size(), outcome.output);
        assertTrue(lines.getFirst().contains(sentence), outcome.output);
    }

    private Outcome build(String... arguments) throws IOException, InterruptedException {
        var builder = new ProcessBuilder(
                        Stream.concat(Stream.of(path.resolve("bash").toString(), "./build.sh"), Stream.of(arguments))
                                .toList())
                .directory(folder.resolve("checkout").toFile())
                .redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().putAll(environment);
        builder.environment().putAll(Map.of("PATH", path.toString(), "HOME", home.toString()));
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes());
        return new Outcome(process.waitFor(), output);
    }

    private String pinned(String name) throws IOException {
        Matcher line = Pattern.compile("(?m)^" + name + "=(\\S+)")
                .matcher(Files.readString(folder.resolve("checkout/build.sh")));
        assertTrue(line.find());
        return line.group(1);
    }

    private void pin(String name, String value) throws IOException {
        Path build = folder.resolve("checkout/build.sh");
        Files.writeString(build, Files.readString(build).replaceFirst("(?m)^" + name + "=\\S+", name + "=" + value));
    }

    /// As Maven Central has it, but for what its mvn does.
    private byte[] archive() throws Exception {
        String name = "apache-maven-" + pinned("maven");
        Path bin =
                Files.createDirectories(folder.resolve("archive").resolve(name).resolve("bin"));
        script(bin.resolve("mvn"), "echo this is mvn \"$@\"");
        Path file = folder.resolve("archive.tar.gz");
        assertEquals(
                0,
                new ProcessBuilder("tar", "-czf", file.toString(), "-C", folder + "/archive", name)
                        .start()
                        .waitFor());
        return Files.readAllBytes(file);
    }

    private static void script(Path file, String command) throws IOException {
        Files.writeString(file, "#!/bin/sh\n" + command + "\n");
        assertTrue(file.toFile().setExecutable(true));
    }

    private HttpServer serve(byte[] archive, AtomicInteger requests) throws IOException {
        String version = pinned("maven");
        HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.createContext(
                "/org/apache/maven/apache-maven/%1$s/apache-maven-%1$s-bin.tar.gz".formatted(version), it -> {
                    requests.incrementAndGet();
                    it.sendResponseHeaders(200, archive.length);
                    it.getResponseBody().write(archive);
                    it.close();
                });
        server.start();
        environment.put(
                "MVNW_REPOURL", "http://127.0.0.1:" + server.getAddress().getPort());
        return server;
    }

    /// What is left of it in the user's Maven folder.
    private List<String> dists() throws IOException {
        Path dists = home.resolve(".m2/wrapper/dists");
        assertFalse(Files.exists(home.resolve(".m2/repository")));
        try (Stream<Path> files = Files.list(dists)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
