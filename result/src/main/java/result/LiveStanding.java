package result;

import common.Database;
import common.Metrics;
import common.Options;
import common.Outage;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.json.JSONObject;
import org.postgresql.PGConnection;

/// The standing as it is now. One thread reads it when the database says that it changed, however many people watch;
/// they wait here for the next one.
final class LiveStanding {
    /// Between two reads: at most twenty a second.
    private static final int PAUSE_MILLIS = 50;

    /// Longest time between two reads: notices a worker that stopped, and lost notifications.
    private static final int POLL_MILLIS = 1000;

    /// A read takes a millisecond: a database that needs longer than this is as good as gone.
    private static final int TIMEOUT_MILLIS = 3000;

    // Seven seconds: a worker is heard of every two, more often while it works. `queue` has one row, which each line
    // repeats.
    private static final String STANDING = """
            SELECT vote, count, stored, waiting, stored_at,
                coalesce(seen_at > clock_timestamp() - interval '7 seconds', false) AS worker
            FROM tally LEFT JOIN queue ON name = 'votes'
            """;

    private final Database database;
    private final Options options;
    private final Outage outage = new Outage("PostgreSQL");
    private final Pace pace = new Pace();
    private final LongAdder reads;
    private final LongAdder held = new LongAdder();
    private volatile Edition current;
    private volatile boolean stopping;

    LiveStanding(Database database, Options options, Metrics metrics) {
        this.database = database;
        this.options = options;
        this.current = Edition.of(Standing.unknown(options));
        this.reads = metrics.counter("standing_reads_total", "Times the standing was read from PostgreSQL");
        metrics.gauge("polls_held", "Requests that wait for another standing", held::sum);
        Thread.ofPlatform().name("standing").daemon().start(this::readForEver);
    }

    /// Why the database cannot be read, or null.
    String unavailable() {
        return outage.cause();
    }

    Edition current() {
        return current;
    }

    /// The standing as soon as its version is not `version` any more, or what there is after that time.
    Edition after(String version, int seconds) throws InterruptedException {
        Edition now = current;
        if (now.version().equals(version) && !stopping) {
            held.increment();
            try {
                now.outdated().await(seconds, TimeUnit.SECONDS);
            } finally {
                held.decrement();
            }
        }
        return current;
    }

    /// How many votes were stored in each of the last seconds.
    JSONObject pace() {
        return pace.toJson(Instant.now().getEpochSecond());
    }

    /// Lets everybody go who waits, and nobody wait any more.
    void stop() {
        stopping = true;
        current.outdated().countDown();
    }

    private void publish(Standing standing) {
        Edition last = current;
        if (!standing.equals(last.standing())) {
            current = Edition.of(standing);
            last.outdated().countDown();
        }
    }

    private void readForEver() {
        try {
            while (true) {
                try (Connection connection = database.connect("result")) {
                    connection.setNetworkTimeout(Runnable::run, TIMEOUT_MILLIS);
                    readOn(connection);
                } catch (SQLException | RuntimeException e) {
                    outage.failed(e);
                    publish(current.standing().unreachable());
                    outage.pause();
                }
            }
        } catch (InterruptedException _) {
            // the process ends
        }
    }

    private void readOn(Connection connection) throws SQLException, InterruptedException {
        try (Statement listen = connection.createStatement();
                PreparedStatement query = connection.prepareStatement(STANDING)) {
            listen.execute("LISTEN tally");
            while (true) {
                Standing standing = read(query);
                pace.note(standing.queue().stored(), Instant.now().getEpochSecond());
                publish(standing);
                outage.over();
                Thread.sleep(PAUSE_MILLIS); // news that come meanwhile are read together
                connection.unwrap(PGConnection.class).getNotifications(POLL_MILLIS);
            }
        }
    }

    private Standing read(PreparedStatement query) throws SQLException {
        reads.increment();
        Map<String, Long> votes = new HashMap<>();
        var queue = Standing.Queue.UNKNOWN;
        try (ResultSet rows = query.executeQuery()) {
            while (rows.next()) {
                votes.put(rows.getString("vote"), rows.getLong("count"));
                queue = queue(rows);
            }
        }
        return Standing.of(options, votes, queue);
    }

    private static Standing.Queue queue(ResultSet row) throws SQLException {
        var storedAt = row.getObject("stored_at", OffsetDateTime.class);
        return new Standing.Queue(
                row.getLong("stored"),
                row.getLong("waiting"),
                storedAt == null ? null : storedAt.toInstant().truncatedTo(ChronoUnit.MILLIS),
                row.getBoolean("worker"));
    }
}
