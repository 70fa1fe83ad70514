package lab.hostile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import lab.stack.Await;
import lab.stack.Server;
import lab.stack.Stack;
import lab.stack.TestSystem;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;

/// A disk that is full under Redis or PostgreSQL: refused, said, recovered, and no acknowledged vote is lost. Needs a
/// small file system of its own, so it runs as root on Linux and is skipped elsewhere.
class FullDiskTest {
    @TempDir
    Path folder;

    private boolean mounted;
    private Stack stack;
    private final Queue<String> log = new ConcurrentLinkedQueue<>();
    private final Set<String> acknowledged = new HashSet<>();

    @BeforeEach
    void mount() throws Exception {
        mounted = run("mount", "-t", "tmpfs", "-o", "size=200m", "tmpfs", folder.toString());
        if (!mounted) {
            System.out.println("Full disk: SKIPPED, for no file system can be mounted here (it takes root on Linux)");
        }
        assumeTrue(mounted);
    }

    @AfterEach
    void unmount() throws Exception {
        if (stack != null) {
            stack.close();
        }
        if (mounted) {
            assertTrue(run("umount", "-l", folder.toString()));
        }
    }

    private void start() throws IOException {
        stack = Stack.temporary(folder, log::add, data -> new Stack(data, Map.of()));
        for (String service : List.of("vote", "worker")) {
            stack.add(service, List.of(), Map.of());
        }
        stack.start();
    }

    private static boolean run(String... command) throws InterruptedException {
        try {
            return new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException _) {
            return false;
        }
    }

    @Test
    void underBothStores() throws Exception {
        start();
        for (int i = 0; i < 100; i++) {
            assertEquals(200, vote());
        }
        Await.until("all are stored", () -> stored().containsAll(acknowledged));

        Path filler = folder.resolve("filler");
        fill(filler);
        // Redis has no byte left to write, PostgreSQL soon; each is restarted when it gives up, as Docker does
        Await.until("votes are refused", () -> vote() == 503);
        Await.until("/readyz says so", () -> TestSystem.service(stack, "vote").unready() != null);
        Await.until(
                "the log says so",
                () -> log.stream().anyMatch(line -> line.startsWith("vote") && line.contains("Waiting for Redis")));

        Files.delete(filler);
        restart(stack.redis);
        restartPostgresUnlessItAnswers();
        Await.until("votes are taken again", () -> vote() == 200);
        Await.until("all that was acknowledged is stored", () -> stored().containsAll(acknowledged));
        System.out.printf("Full disk under Redis: %,d acknowledged votes, all stored%n", acknowledged.size());
    }

    @Test
    void underTheDatabaseAlone() throws Exception {
        start();
        assertEquals(200, vote());
        Await.until("it is stored", () -> stored().containsAll(acknowledged));
        Path filler = folder.resolve("filler");
        fill(filler);
        stack.redis.stop();
        shrink(filler, 1 << 20); // room for a few votes in Redis, not for a segment or a table in PostgreSQL
        stack.redis.start();
        String[] many = new String[60_000];
        for (int i = 0; i < many.length; i++) {
            many[i] = "{\"voter_id\":\"disk" + i + "\",\"vote\":\"a\"}";
        }
        try (Jedis redis = stack.redis.connect()) {
            redis.configSet("appendonly", "no"); // these need no disk: it is PostgreSQL's turn
            redis.rpush("votes", many);
        }
        Await.until(
                "the worker says so",
                () -> log.stream()
                        .anyMatch(line -> line.startsWith("worker")
                                && line.contains("Waiting for PostgreSQL")
                                && !line.contains("refused")));
        System.out.println("Full disk under PostgreSQL: "
                + log.stream()
                        .filter(line -> line.startsWith("worker") && line.contains("Waiting for PostgreSQL"))
                        .reduce((_, last) -> last)
                        .orElseThrow());
        Files.delete(filler);
        restartPostgresUnlessItAnswers();
        Await.until("the backlog is stored", () -> stored().size() >= many.length + acknowledged.size());
        assertEquals(many.length + acknowledged.size(), stored().size());
    }

    /// Writes until nothing more fits.
    private static void fill(Path file) {
        for (int size = 1 << 20; size > 0; size /= 2) {
            try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
                while (true) {
                    out.write(new byte[size]);
                }
            } catch (IOException _) {
                // full for this size; the next smaller one may fit
            }
        }
    }

    private static void shrink(Path file, long bytes) throws IOException {
        try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(channel.size() - bytes);
        }
    }

    private static void restart(Server server) {
        if (server.isAlive()) {
            server.kill();
        }
        server.start();
    }

    private int vote() throws IOException, InterruptedException {
        var answer = TestSystem.service(stack, "vote").vote("a");
        if (answer.statusCode() == 200) {
            acknowledged.add(TestSystem.voterId(answer));
        }
        return answer.statusCode();
    }

    private void restartPostgresUnlessItAnswers() {
        try {
            stored();
        } catch (SQLException _) {
            restart(stack.postgres);
        }
    }

    private Set<String> stored() throws SQLException {
        Set<String> ids = new HashSet<>();
        stack.postgres.rows("SELECT id FROM votes").forEach(row -> ids.add(row.getFirst()));
        return ids;
    }
}
