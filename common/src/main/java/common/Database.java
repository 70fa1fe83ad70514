package common;

import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Properties;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Where PostgreSQL is, named as libpq names it, and the schema that whoever comes first makes.
///
/// @param login who connects to what and how, as pgjdbc names it
public record Database(Properties login) {
    private static final List<String> SSL_MODES =
            List.of("disable", "allow", "prefer", "require", "verify-ca", "verify-full");
    private static final String SCHEMA = Resource.text(Database.class, "schema.sql");

    public static Database from(Env env) {
        List<InetSocketAddress> hosts = env.addresses("PGHOST", "db", "PGPORT", 5432);
        var login = new Properties();
        login.setProperty("PGHOST", list(hosts, host -> host.getHostString().replaceFirst("(.*:.*)", "[$1]")));
        login.setProperty("PGPORT", list(hosts, host -> "" + host.getPort()));
        login.setProperty("targetServerType", hosts.size() > 1 ? "primary" : "any");
        login.setProperty("user", env.text("PGUSER", "postgres"));
        login.setProperty("password", env.secret("PGPASSWORD", "postgres"));
        login.setProperty("PGDBNAME", env.text("PGDATABASE", "postgres"));
        String sslMode = env.text("PGSSLMODE", "prefer");
        SettingException.mustBe(SSL_MODES.contains(sslMode), "PGSSLMODE", "one of " + SSL_MODES, sslMode);
        login.setProperty("sslmode", sslMode);
        if (env.has("PGSSLROOTCERT")) {
            String file = env.text("PGSSLROOTCERT", null);
            SettingException.mustBe(Files.isReadable(Path.of(file)), "PGSSLROOTCERT", "a file of certificates", file);
            login.setProperty("sslrootcert", file);
        }
        login.setProperty("connectTimeout", "2");
        login.setProperty("socketTimeout", "3"); // of each host until it lets us in
        login.setProperty("tcpKeepAlive", "true");
        return new Database(login);
    }

    private static String list(List<InetSocketAddress> hosts, Function<InetSocketAddress, String> part) {
        return hosts.stream().map(part).collect(Collectors.joining(","));
    }

    /// A connection to the primary, which has the schema then; time limits turn a server that hangs into an error.
    public Connection connect(String application) throws SQLException {
        var properties = new Properties(login);
        properties.setProperty("ApplicationName", application);
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
}
