package worker;

import common.Outage;
import common.Vote;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The PostgreSQL side of the worker: one transaction a batch, from [#begin] to [#commit].
final class VoteTable {
    // Ends a session whose line was cut in the middle of a batch: the server waits for the rest of it, which is not
    // idle. Not every server knows the setting (PostgreSQL does since 17).
    private static final String LIMIT = """
            SELECT set_config(name, '8s', false) FROM pg_settings WHERE name = 'transaction_timeout'
            """;

    private static final String LOCK = "SELECT FROM queue WHERE name = 'votes' FOR UPDATE";

    // The last line: a batch that is stored again writes nothing.
    private static final String UPSERT = """
            INSERT INTO votes (id, vote) SELECT * FROM unnest(?::varchar[], ?::varchar[])
            ON CONFLICT (id) DO UPDATE SET vote = EXCLUDED.vote
            WHERE votes.vote <> EXCLUDED.vote
            """;

    private static final String PROGRESS = """
            UPDATE queue SET stored = stored + ?, waiting = ?, seen_at = clock_timestamp(),
                stored_at = CASE WHEN ? THEN clock_timestamp() ELSE stored_at END
            WHERE name = 'votes'
            """;

    private final Connection connection;
    private final PreparedStatement lock;
    private final PreparedStatement upsert;
    private final PreparedStatement progress;

    VoteTable(Connection connection) throws SQLException {
        this.connection = connection;
        try (Statement statement = connection.createStatement()) {
            statement.execute(LIMIT);
        }
        connection.setAutoCommit(false);
        lock = connection.prepareStatement(LOCK);
        upsert = connection.prepareStatement(UPSERT);
        progress = connection.prepareStatement(PROGRESS);
    }

    /// Waits for this queue's lock. It is held until the transaction ends, however it ends.
    void begin() throws SQLException {
        if (!lock.executeQuery().next()) {
            throw new SQLException("the row 'votes' of the table queue is gone; it is made again on reconnect");
        }
    }

    /// Stores a batch and returns everything of it that is to be rejected. What PostgreSQL refuses in spite of our
    /// checks is found by storing the votes one by one.
    List<Rejected> store(Batch batch) throws SQLException {
        if (batch.votes().isEmpty()) {
            return batch.rejected();
        }
        Savepoint before = connection.setSavepoint();
        try {
            upsert(batch.lastVotes());
            return batch.rejected();
        } catch (SQLException e) {
            if (!isDataError(e)) {
                throw e;
            }
            connection.rollback(before);
            return storeOneByOne(batch);
        }
    }

    private List<Rejected> storeOneByOne(Batch batch) throws SQLException {
        List<Rejected> rejected = new ArrayList<>(batch.rejected());
        for (Vote vote : batch.votes()) {
            Savepoint before = connection.setSavepoint();
            try {
                upsert(Map.of(vote.voterId(), vote.option()));
                connection.releaseSavepoint(before);
            } catch (SQLException e) {
                if (!isDataError(e)) {
                    throw e;
                }
                connection.rollback(before);
                rejected.add(new Rejected(vote.toMessage(), Outage.reason(e)));
            }
        }
        return rejected;
    }

    /// Data exceptions and violated constraints, of which another try would meet the same.
    private static boolean isDataError(SQLException e) {
        return e.getSQLState() != null
                && (e.getSQLState().startsWith("22") || e.getSQLState().startsWith("23"));
    }

    private void upsert(Map<String, String> votes) throws SQLException {
        upsert.setArray(1, connection.createArrayOf("varchar", votes.keySet().toArray(String[]::new)));
        upsert.setArray(2, connection.createArrayOf("varchar", votes.values().toArray(String[]::new)));
        upsert.executeUpdate();
    }

    /// Makes it final, and notes for the result page that a worker is alive and how many messages wait.
    void commit(int messages, long waiting) throws SQLException {
        progress.setInt(1, messages);
        progress.setLong(2, waiting);
        progress.setBoolean(3, messages > 0);
        progress.executeUpdate();
        connection.commit();
    }
}
