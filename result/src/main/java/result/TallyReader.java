package result;

import common.Database;
import common.Env;
import common.Metrics;
import common.Options;
import common.Outage;
import common.Resource;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.Map;
import org.postgresql.PGConnection;

/// Reads the tally whenever the database says that it changed: one thread, however many people watch.
record TallyReader(Database database, Options options, LiveStanding standing, Metrics metrics, Outage outage) {
    private static final int PAUSE_MILLIS = 50; // at most twenty reads a second
    private static final int POLL_MILLIS = 1000; // so long without news: a worker may have stopped, or news got lost
    private static final int TIMEOUT_MILLIS = 3000; // for a read of one: a database that needs more is as good as gone
    private static final String STANDING = Resource.text(TallyReader.class, "standing.sql");

    void start() {
        Thread.ofPlatform().name("tally").daemon().start(() -> Env.run(_ -> readForEver()));
    }

    private void readForEver() throws InterruptedException {
        while (true) {
            try (Connection connection = database.connect("result")) {
                connection.setNetworkTimeout(Runnable::run, TIMEOUT_MILLIS);
                readOn(connection);
            } catch (SQLException | RuntimeException | Error e) {
                outage.failed(e);
                standing.publish(standing.now().unreachable());
                outage.pause();
            }
        }
    }

    private void readOn(Connection connection) throws SQLException, InterruptedException {
        try (Statement listen = connection.createStatement();
                PreparedStatement query = connection.prepareStatement(STANDING)) {
            listen.execute("LISTEN tally");
            while (true) {
                standing.publish(read(query));
                outage.worked();
                Thread.sleep(PAUSE_MILLIS); // news that come meanwhile are read together
                connection.unwrap(PGConnection.class).getNotifications(POLL_MILLIS);
            }
        }
    }

    private Standing read(PreparedStatement query) throws SQLException {
        metrics.counter("standing_reads_total").increment();
        Map<String, Long> votes = new HashMap<>();
        var queue = Standing.Queue.UNKNOWN;
        try (ResultSet row = query.executeQuery()) {
            while (row.next()) {
                votes.put(row.getString("vote"), row.getLong("count"));
                var storedAt = row.getObject("stored_at", OffsetDateTime.class);
                queue = new Standing.Queue( // the same in each row
                        row.getLong("stored"),
                        row.getObject("waiting", Long.class),
                        storedAt == null ? null : storedAt.toInstant(),
                        row.getBoolean("worker"),
                        row.getBoolean("held_up"),
                        row.getString("silent"));
            }
        }
        return Standing.of(options, votes, queue);
    }
}
