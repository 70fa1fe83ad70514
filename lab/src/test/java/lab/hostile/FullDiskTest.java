package lab.hostile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import lab.hostile.RawClient.Answer;
import lab.stack.Await;
import lab.stack.Server;
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
    private House house;
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
        if (house != null) {
            house.close();
        }
        if (mounted) {
            assertTrue(run("umount", "-l", folder.toString()));
        }
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
        house = new House(folder, Map.of(), List.of(), "vote", "worker");
        for (int i = 0; i < 100; i++) {
            assertEquals(200, vote());
        }
        Await.until("all are stored", () -> stored().containsAll(acknowledged));

        Path filler = folder.resolve("filler");
        fill(filler);
        // Redis has no byte left to write, PostgreSQL soon; each is restarted when it gives up, as Docker does
        Await.until("votes are refused", () -> vote() == 503);
        Await.until("/readyz says so", () -> house.service("vote").unready() != null);
        assertTrue(house.log.stream().anyMatch(line -> line.startsWith("vote") && line.contains("Waiting for Redis")));

        Files.delete(filler);
        restart(house.stack.redis());
        if (!databaseAnswers()) {
            restart(house.stack.postgres());
        }
        Await.until("votes are taken again", () -> vote() == 200);
        Await.until("all that was acknowledged is stored", () -> stored().containsAll(acknowledged));
        System.out.printf("Full disk under Redis: %,d acknowledged votes, all stored%n", acknowledged.size());
    }

    @Test
    void underTheDatabaseAlone() throws Exception {
        house = new House(folder, Map.of(), List.of(), "vote", "worker");
        assertEquals(200, vote());
        Await.until("it is stored", () -> stored().containsAll(acknowledged));
        Path filler = folder.resolve("filler");
        fill(filler);
        Files.write(folder.resolve("room"), new byte[0]);
        house.stack.redis().stop();
        shrink(filler, 1 << 20); // room for a few votes in Redis, not for a segment or a table in PostgreSQL
        house.stack.redis().start();
        String[] many = new String[60_000];
        for (int i = 0; i < many.length; i++) {
            many[i] = "{\"voter_id\":\"disk" + i + "\",\"vote\":\"a\"}";
        }
        try (Jedis redis = house.redis()) {
            redis.configSet("appendonly", "no"); // these need no disk: it is PostgreSQL's turn
            redis.rpush("votes", many);
        }
        Await.until(
                "the worker says so",
                () -> house.log.stream()
                        .anyMatch(line -> line.startsWith("worker")
                                && line.contains("Waiting for PostgreSQL")
                                && !line.contains("refused")));
        System.out.println("Full disk under PostgreSQL: "
                + house.log.stream()
                        .filter(line -> line.startsWith("worker") && line.contains("Waiting for PostgreSQL"))
                        .reduce((_, last) -> last)
                        .orElseThrow());
        Files.delete(filler);
        if (!databaseAnswers()) {
            restart(house.stack.postgres());
        }
        Await.until("the backlog is stored", () -> stored().size() >= many.length + acknowledged.size());
        assertEquals(many.length + acknowledged.size(), stored().size());
    }

    /// Writes until nothing more fits.
    private static void fill(Path file) {
        for (int size = 1 << 20; size > 0; size /= 2) {
            try (OutputStream out = Files.newOutputStream(
                    file, java.nio.file.StandardOpenOption.CREATE, java.nio.file.StandardOpenOption.APPEND)) {
                while (true) {
                    out.write(new byte[size]);
                }
            } catch (IOException _) {
                // full for this size; the next smaller one may fit
            }
        }
    }

    private static void shrink(Path file, long bytes) throws IOException {
        try (var channel = java.nio.channels.FileChannel.open(file, java.nio.file.StandardOpenOption.WRITE)) {
            channel.truncate(channel.size() - bytes);
        }
    }

    private static void restart(Server server) {
        if (server.isAlive()) {
            server.kill();
        }
        server.start();
    }

    private int vote() throws IOException {
        Answer answer = RawClient.ask(house.port("vote"), RawClient.post("vote=a"));
        if (answer.status() == 200) {
            acknowledged.add(answer.cookie("voter_id"));
        }
        return answer.status();
    }

    private boolean databaseAnswers() {
        try {
            stored();
            return true;
        } catch (SQLException _) {
            return false;
        }
    }

    private Set<String> stored() throws SQLException {
        try (Connection connection = house.stack.postgres().connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT id FROM votes")) {
            Set<String> ids = new HashSet<>();
            while (rows.next()) {
                ids.add(rows.getString(1));
            }
            return ids;
        }
    }
}
