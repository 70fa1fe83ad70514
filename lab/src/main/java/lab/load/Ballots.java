package lab.load;

import common.Vote;
import java.io.IOException;
import java.io.StringReader;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import lab.stack.PostgresServer;
import org.postgresql.PGConnection;
import redis.clients.jedis.Jedis;

/// Votes in large numbers. Voter ids are as the page makes them: they rise with time, random within a millisecond.
public final class Ballots {
    private static final int VOTES_A_MILLISECOND = 50;
    private static final int COPIED_AT_ONCE = 500_000;

    private final Random random = new Random(1);
    private final byte[] tail = new byte[10];
    private long made = 1L << 40; // what the clock showed in 2004, times fifty: any beginning will do
    private int filled;

    /// So many voters who have not voted yet.
    public List<Vote> newVoters(int count) {
        List<Vote> votes = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            random.nextBytes(tail);
            String id = HexFormat.of().toHexDigits(made++ / VOTES_A_MILLISECOND, 12)
                    + HexFormat.of().formatHex(tail);
            votes.add(new Vote(id, random.nextBoolean() ? "a" : "b"));
        }
        return votes;
    }

    /// So many votes of these voters, in no order, each for the other option than the voter's last.
    public List<Vote> changedMinds(List<Vote> voters, int count) {
        Vote[] last = voters.toArray(Vote[]::new);
        List<Vote> votes = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            int who = random.nextInt(last.length);
            last[who] = new Vote(last[who].voterId(), last[who].key().equals("a") ? "b" : "a");
            votes.add(last[who]);
        }
        return votes;
    }

    /// Appends votes to a list, all at the same moment.
    public static void append(Jedis redis, String list, List<Vote> votes) {
        if (!votes.isEmpty()) {
            redis.rpush(list, votes.stream().map(Vote::toMessage).toArray(String[]::new));
        }
    }

    /// Stores votes of new voters as fast as PostgreSQL can: by `COPY`. Returns the seconds it took.
    public static double copy(PostgresServer postgres, String table, List<Vote> votes)
            throws SQLException, IOException {
        var lines = new StringBuilder();
        votes.forEach(vote ->
                lines.append(vote.voterId()).append('\t').append(vote.key()).append('\n'));
        String copy = "COPY " + table + " (id, vote) FROM STDIN";
        try (Connection connection = postgres.connect()) {
            long start = System.nanoTime();
            connection.unwrap(PGConnection.class).getCopyAPI().copyIn(copy, new StringReader(lines.toString()));
            return (System.nanoTime() - start) / 1e9;
        }
    }

    /// Stores voters, half a million at once, until so many are stored in this way.
    public void fill(PostgresServer postgres, int level) throws SQLException, IOException {
        for (; filled < level; filled += COPIED_AT_ONCE) {
            copy(postgres, "votes", newVoters(COPIED_AT_ONCE));
        }
    }
}
