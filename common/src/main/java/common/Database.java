package common;

import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Where PostgreSQL is, named as libpq names it, and the schema that whoever comes first makes.
///
/// @param login who connects to what, as pgjdbc names it
public record Database(List<InetSocketAddress> hosts, Map<String, String> login) {
    private static final List<String> SSL_MODES =
            List.of("disable", "allow", "prefer", "require", "verify-ca", "verify-full");
    private static final String SCHEMA = Resource.text(Database.class, "schema.sql");

    public static Database from(Env env) {
        Map<String, String> login = new HashMap<>();
        login.put("user", env.text("PGUSER", "postgres"));
        login.put("password", env.secret("PGPASSWORD", "postgres"));
        login.put("PGDBNAME", env.text("PGDATABASE", "postgres"));
        login.put("sslmode", env.text("PGSSLMODE", "prefer"));
        SettingException.mustBe(
                SSL_MODES.contains(login.get("sslmode")), "PGSSLMODE", "one of " + SSL_MODES, login.get("sslmode"));
        if (env.has("PGSSLROOTCERT")) {
            String file = env.text("PGSSLROOTCERT", null);
            SettingException.mustBe(Files.isReadable(Path.of(file)), "PGSSLROOTCERT", "a file of certificates", file);
            login.put("sslrootcert", file);
        }
        return new Database(env.addresses("PGHOST", "db", "PGPORT", 5432), login);
    }

    /// A new connection, with time limits that turn a hanging server into an error, to a database that has the
    /// schema: of several hosts to the primary.
    ///
    /// @param application the name the server's `pg_stat_activity` shows
    public Connection connect(String application) throws SQLException {
        var properties = new Properties();
        properties.putAll(login);
        properties.setProperty("PGHOST", list(host -> host.getHostString().replaceFirst("(.*:.*)", "[$1]")));
        properties.setProperty("PGPORT", list(host -> "" + host.getPort()));
        properties.setProperty("targetServerType", hosts.size() > 1 ? "primary" : "any");
        properties.setProperty("ApplicationName", application);
        properties.setProperty("connectTimeout", "2");
        properties.setProperty("socketTimeout", "3"); // of each host until it lets us in
        properties.setProperty("tcpKeepAlive", "true");
        Connection connection = DriverManager.getConnection("jdbc:postgresql://", properties);
        connection.setNetworkTimeout(Runnable::run, 10_000);
        try (Statement statement = connection.createStatement()) {
            // who freezes in a transaction, or is cut off, gives its locks back: the schema's and the queue's
            statement.execute("SET idle_in_transaction_session_timeout = '5s'");
            connection.setAutoCommit(false);
            statement.execute(SCHEMA);
            connection.commit();
            connection.setAutoCommit(true);
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    private String list(Function<InetSocketAddress, String> part) {
        return hosts.stream().map(part).collect(Collectors.joining(","));
    }
}
