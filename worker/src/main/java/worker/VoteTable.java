package worker;

import common.Outage;
import common.Vote;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import worker.Batch.Rejected;

/// The PostgreSQL side of the worker: one transaction a batch, from [#begin] to [#commit].
final class VoteTable {
    // Ends a session whose line was cut in the middle of a batch: the server waits for the rest of it, which is not
    // idle. Not every server knows the setting (PostgreSQL does since 17).
    private static final String LIMIT = """
            SELECT set_config(name, '8s', false) FROM pg_settings WHERE name = 'transaction_timeout'
            """;

    // SKIP LOCKED: a worker that waited in line would get the lock at the commit, before the batch is cut off, and
    // would store all of it again.
    private static final String LOCK = "SELECT FROM queue WHERE name = ? FOR UPDATE SKIP LOCKED";

    private static final String ROW = "INSERT INTO queue (name) VALUES (?) ON CONFLICT DO NOTHING";

    // WHERE: a batch that is stored again writes nothing.
    private static final String UPSERT = """
            INSERT INTO votes (id, vote) SELECT * FROM unnest(?::varchar[], ?::varchar[])
            ON CONFLICT (id) DO UPDATE SET vote = EXCLUDED.vote
            WHERE votes.vote <> EXCLUDED.vote
            """;

    private static final String DONE = """
            UPDATE queue SET stored = ?, waiting = ?, seen_at = clock_timestamp(),
                stored_at = CASE WHEN ? THEN clock_timestamp() ELSE stored_at END
            WHERE name = ?
            """;

    // Not while another worker is heard, who may reach Redis and know better.
    private static final String HELD_UP = """
            UPDATE queue SET waiting = -1, seen_at = clock_timestamp()
            WHERE name = ? AND coalesce(seen_at < clock_timestamp() - interval '2 seconds', true)
            """;

    private final Connection connection;
    private final String list;

    VoteTable(Connection connection, String list) throws SQLException {
        this.connection = connection;
        this.list = list;
        execute(LIMIT);
        connection.setAutoCommit(false);
    }

    /// Locks the list's row in `queue` until the transaction ends, however it ends. False if another worker has it.
    boolean begin() throws SQLException {
        if (execute(LOCK, list)) {
            return true;
        }
        execute(ROW, list); // or was it never there?
        connection.commit();
        return false;
    }

    /// Stores votes in their order. What PostgreSQL refuses, as where somebody has given the table a constraint, is
    /// stored as two halves, down to the one vote that is to blame: that one is rejected.
    void store(List<Vote> votes, List<Rejected> rejected) throws SQLException {
        if (votes.isEmpty()) {
            return;
        }
        Savepoint before = connection.setSavepoint();
        try {
            upsert(votes);
            connection.releaseSavepoint(before);
        } catch (SQLException e) {
            if (!isDataError(e)) {
                throw e;
            }
            connection.rollback(before);
            connection.releaseSavepoint(before);
            if (votes.size() == 1) {
                rejected.add(new Rejected(votes.getFirst().toMessage(), Outage.reason(e)));
                return;
            }
            int half = votes.size() / 2;
            store(votes.subList(0, half), rejected);
            store(votes.subList(half, votes.size()), rejected);
        }
    }

    /// Data exceptions, violated constraints and what a trigger raises, of which another try would meet the same.
    private static boolean isDataError(SQLException e) {
        return e.getSQLState() != null && e.getSQLState().matches("2[23].*|P0001");
    }

    /// Each voter's last vote: an upsert refuses the same row twice. Sorted by id, so that two writers of the table
    /// cannot deadlock.
    private void upsert(List<Vote> votes) throws SQLException {
        Map<String, String> last = new TreeMap<>();
        votes.forEach(vote -> last.put(vote.voterId(), vote.key()));
        execute(UPSERT, last.keySet().toArray(String[]::new), last.values().toArray(String[]::new));
    }

    /// Makes it final, and notes for the result page that a worker is alive and how much it has done. A batch that is
    /// stored again counts once: the queue says how many messages were before it.
    void commit(Batch batch) throws SQLException {
        execute(DONE, batch.before() + batch.size(), batch.behind(), batch.size() > 0, list);
        connection.commit();
    }

    /// Ends a batch that came to nothing, and notes that a worker is alive and cannot reach the queue.
    void giveUp() throws SQLException {
        connection.rollback();
        if (begin()) {
            execute(HELD_UP, list);
            connection.commit();
        }
    }

    /// Whether the statement gave a row. The driver keeps it prepared from one time to the next.
    private boolean execute(String sql, Object... parameters) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            return statement.execute() && statement.getResultSet().next();
        }
    }
}
