package lab.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;

import common.Database;
import common.Env;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import lab.stack.PostgresServer;
import lab.stack.TestSystem;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// The triggers of the schema keep the tally right, and nobody deadlocks, whoever writes the votes.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TallyTest {
    private static final String UPSERT = " ON CONFLICT (id) DO UPDATE SET vote = EXCLUDED.vote";

    private final TestSystem system = new TestSystem(Map.of());
    private final PostgresServer postgres = system.postgres;
    private final Database database =
            Database.from(new Env(Map.of("PGHOST", "127.0.0.1", "PGPORT", "" + postgres.port())));

    @BeforeAll
    void start() {
        postgres.start();
    }

    @AfterAll
    void stop() {
        system.close();
    }

    @BeforeEach
    void dropEverything() throws SQLException {
        postgres.execute(
                "DROP TABLE IF EXISTS votes, tally, queue; DROP FUNCTION IF EXISTS tally_votes",
                "DROP SCHEMA IF EXISTS stranger CASCADE; DROP ROLE IF EXISTS stranger");
    }

    @Test
    void itIsRightAfterWritersOfEveryKindAtTheSameTime() throws Exception {
        database.connect("test").close();
        List<Callable<Void>> writers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            var random = new Random(i);
            writers.add(() -> write(200, () -> rowByRow(random)));
            writers.add(() -> write(100, () -> batch(random)));
        }
        writers.add(() -> write(20, () -> "DELETE FROM votes WHERE id IN (SELECT id FROM votes LIMIT 1)"));
        writers.add(() -> write(3, () -> "TRUNCATE votes"));
        inParallel(writers);
        assertTallyIsRight();
    }

    @Test
    void itIsRightAfterEachKindOfStatement() throws SQLException {
        database.connect("test").close();
        for (String statement : List.of(
                "INSERT INTO votes VALUES ('1', 'a'), ('2', 'b'), ('3', 'c'), ('4', 'c')",
                "UPDATE votes SET vote = 'b' WHERE id IN ('1', '3')",
                "UPDATE votes SET id = '5' WHERE id = '1'",
                "INSERT INTO votes VALUES ('2', 'a'), ('6', 'a')" + UPSERT,
                "DELETE FROM votes WHERE vote = 'b'",
                "DELETE FROM votes WHERE vote = 'none has this'",
                "BEGIN; INSERT INTO votes VALUES ('7', 'a'); ROLLBACK",
                "MERGE INTO votes USING (VALUES ('2', 'c'), ('8', 'b')) AS n (id, vote) ON votes.id = n.id"
                        + " WHEN MATCHED THEN UPDATE SET vote = n.vote"
                        + " WHEN NOT MATCHED THEN INSERT VALUES (n.id, n.vote)",
                "TRUNCATE votes",
                "INSERT INTO votes VALUES ('9', 'b')")) {
            postgres.execute(statement);
            assertTallyIsRight();
        }
    }

    @Test
    void aTableIsAdoptedWhileItsOldOwnerWritesOnAndServicesStartTogether() throws Exception {
        postgres.execute("CREATE TABLE votes (id VARCHAR(255) NOT NULL UNIQUE, vote VARCHAR(255) NOT NULL)");
        List<Callable<Void>> all = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            var random = new Random(i);
            all.add(() -> write(300, () -> rowByRow(random)));
        }
        for (int i = 0; i < 8; i++) {
            all.add(() -> {
                database.connect("test").close();
                return null;
            });
        }
        inParallel(all);
        assertTallyIsRight();
    }

    /// A function finds its tables by the search path of whoever calls it, unless it has one of its own.
    @Test
    void itIsRightWhoeverWritesAndWhateverHeCallsTally() throws SQLException {
        database.connect("test").close();
        assertStrangersAreCounted();
    }

    @Test
    void aSchemaOfVersion1BecomesTodaysWhenAServiceConnects() throws SQLException, IOException {
        try (InputStream old = TallyTest.class.getResourceAsStream("schema-1.0.sql")) {
            postgres.execute(new String(old.readAllBytes(), StandardCharsets.UTF_8));
        }
        postgres.execute("INSERT INTO votes VALUES ('old', 'a')");
        database.connect("test").close();
        assertTallyIsRight();
        assertStrangersAreCounted();
        assertEquals("t", postgres.value("SELECT bool_and(changed_at IS NOT NULL) FROM tally"));
    }

    private void assertStrangersAreCounted() throws SQLException {
        postgres.execute("CREATE ROLE stranger LOGIN; CREATE SCHEMA AUTHORIZATION stranger");
        postgres.execute("GRANT SELECT, INSERT, UPDATE, DELETE, TRUNCATE ON votes, tally TO stranger");
        for (String first : List.of(
                "CREATE TABLE stranger.tally (LIKE public.tally INCLUDING ALL)",
                "CREATE TEMP TABLE tally (LIKE public.tally INCLUDING ALL)",
                "SET search_path = stranger",
                "SET search_path = ''")) {
            try (Connection connection = DriverManager.getConnection(
                            "jdbc:postgresql://127.0.0.1:%d/postgres?user=stranger".formatted(postgres.port()));
                    Statement statement = connection.createStatement()) {
                statement.execute(first);
                for (String next : List.of(
                        "INSERT INTO public.votes VALUES ('1', 'a'), ('2', 'b')",
                        "UPDATE public.votes SET vote = 'c' WHERE id = '1'",
                        "DELETE FROM public.votes WHERE id = '2'",
                        "TRUNCATE public.votes")) {
                    statement.execute(next);
                    assertTallyIsRight();
                }
            }
        }
    }

    private static String rowByRow(Random random) {
        return "INSERT INTO votes VALUES " + row(random.nextInt(200), random) + UPSERT;
    }

    /// As the worker does it: many rows in one statement, sorted by id.
    private static String batch(Random random) {
        List<String> rows = random.ints(50, 0, 200)
                .distinct()
                .sorted()
                .mapToObj(id -> row(id, random))
                .toList();
        return "INSERT INTO votes SELECT * FROM (VALUES %s) AS n (id, vote) ORDER BY id"
                        .formatted(String.join(",", rows))
                + UPSERT;
    }

    private static String row(int id, Random random) {
        return "('%04d', '%c')".formatted(id, 'a' + random.nextInt(3));
    }

    private Void write(int times, Callable<String> statements) throws Exception {
        try (Connection connection = postgres.connect();
                Statement statement = connection.createStatement()) {
            for (int i = 0; i < times; i++) {
                statement.execute(statements.call());
            }
        }
        return null;
    }

    private static void inParallel(List<Callable<Void>> tasks) throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Void> each : threads.invokeAll(tasks)) {
                each.get(); // a deadlock would be an exception here
            }
        }
    }

    private void assertTallyIsRight() throws SQLException {
        assertEquals(List.of(), postgres.rows("""
                (SELECT vote, count FROM tally WHERE count <> 0 EXCEPT SELECT vote, count(*) FROM votes GROUP BY vote)
                UNION ALL
                (SELECT vote, count(*) FROM votes GROUP BY vote EXCEPT SELECT vote, count FROM tally)
                """), "rows that differ between tally and table");
    }
}
