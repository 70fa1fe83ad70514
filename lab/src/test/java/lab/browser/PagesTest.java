package lab.browser;

import java.net.URI;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.IntStream;
import lab.stack.Await;
import lab.stack.TestSystem;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import redis.clients.jedis.Jedis;

/// A system and a browser for one class of tests.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class PagesTest {
    static final String PERCENT = "#standing .percent";

    private final String options;
    private final int shown;
    TestSystem system;
    Browser browser;

    PagesTest(String options) {
        this.options = options;
        this.shown = options.split(",").length;
    }

    @BeforeAll
    void startAll() {
        system = new TestSystem(Map.of("OPTIONS", options), "vote", "worker", "result").start();
        browser = Browser.start();
    }

    @AfterAll
    void stopAll() {
        try (var _ = system;
                var _ = browser) {
            // both are closed
        }
    }

    URI ballot() {
        return system.service("vote").address();
    }

    URI standing() {
        return system.service("result").address();
    }

    /// Stores so many votes for each option, as if people had cast them, and forgets all earlier ones. Returns when
    /// the result page has them.
    void votes(int... counts) throws SQLException {
        system.stack.awaitEmptyQueue();
        var sql = new StringBuilder("BEGIN; TRUNCATE votes;");
        for (int i = 0; i < counts.length; i++) {
            sql.append("INSERT INTO votes SELECT '%1$c' || n, '%1$c' FROM generate_series(1, %2$d) AS n;"
                    .formatted('a' + i, counts[i]));
        }
        system.postgres.execute(sql + "COMMIT");
        system.awaitVotes(Arrays.copyOf(counts, shown));
    }

    /// Has the worker store votes of so many new voters, all in one batch.
    void store(int votes) throws Exception {
        long total = system.results().getLong("total");
        String[] messages = IntStream.range(0, votes)
                .mapToObj(i -> "{\"voter_id\":\"%x\",\"vote\":\"a\"}".formatted(total + i))
                .toArray(String[]::new);
        try (Jedis redis = system.redis.connect()) {
            redis.rpush("votes", messages);
        }
        Await.until("they are counted", () -> system.results().getLong("total") == total + votes);
    }
}
