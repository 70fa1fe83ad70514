package common;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;

/// Where PostgreSQL is, named as libpq names it, and the schema that whoever comes first makes.
public record Database(String host, int port, String user, String password, String name) {
    private static final String SCHEMA = Resource.text(Database.class, "schema.sql");

    public static Database from(Env env) {
        return new Database(
                env.host("PGHOST", "db"),
                env.port("PGPORT", 5432),
                env.text("PGUSER", "postgres"),
                env.secret("PGPASSWORD", "postgres"),
                env.text("PGDATABASE", "postgres"));
    }

    /// A new connection, with time limits that turn a hanging server into an error, to a database that has the
    /// schema.
    ///
    /// @param application the name the server's `pg_stat_activity` shows
    public Connection connect(String application) throws SQLException {
        var properties = new Properties();
        properties.setProperty("PGHOST", host.contains(":") ? "[" + host + "]" : host);
        properties.setProperty("PGPORT", Integer.toString(port));
        properties.setProperty("PGDBNAME", name);
        properties.setProperty("user", user);
        properties.setProperty("password", password);
        properties.setProperty("ApplicationName", application);
        properties.setProperty("connectTimeout", "2");
        properties.setProperty("loginTimeout", "5");
        properties.setProperty("socketTimeout", "10");
        properties.setProperty("tcpKeepAlive", "true");
        Connection connection = DriverManager.getConnection("jdbc:postgresql://", properties);
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
