package worker;

import common.Outage;
import common.Vote;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
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

    // Who came too late does not stand in line: it would get the lock at the commit, before the batch is cut off, and
    // store all of it again.
    private static final String LOCK = """
            WITH locked AS (SELECT FROM queue WHERE name = 'votes' FOR UPDATE SKIP LOCKED)
            SELECT EXISTS (SELECT FROM locked) FROM queue WHERE name = 'votes'
            """;

    // The last line: a batch that is stored again writes nothing.
    private static final String UPSERT = """
            INSERT INTO votes (id, vote) SELECT * FROM unnest(?::varchar[], ?::varchar[])
            ON CONFLICT (id) DO UPDATE SET vote = EXCLUDED.vote
            WHERE votes.vote <> EXCLUDED.vote
            """;

    private static final String PROGRESS = """
            UPDATE queue SET stored = ?, waiting = ?, seen_at = clock_timestamp(),
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

    /// Takes this queue's lock, which is held until the transaction ends, however it ends. False if another worker has
    /// it.
    boolean begin() throws SQLException {
        ResultSet row = lock.executeQuery();
        if (!row.next()) {
            throw new SQLException("the row 'votes' of the table queue is gone; it is made again on reconnect");
        }
        if (!row.getBoolean(1)) {
            connection.rollback();
            return false;
        }
        return true;
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

    /// Makes it final, and notes for the result page that a worker is alive and how much it has done. A batch that is
    /// stored again counts once: the queue says how many messages were before it.
    void commit(VoteQueue.Peeked peeked) throws SQLException {
        int messages = peeked.messages().size();
        progress.setLong(1, peeked.before() + messages);
        progress.setLong(2, peeked.behind());
        progress.setBoolean(3, messages > 0);
        progress.executeUpdate();
        connection.commit();
    }
}
