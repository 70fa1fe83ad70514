package lab.browser;

import common.Redis;
import common.Vote;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import lab.stack.Await;
import lab.stack.Service;
import lab.stack.Stack;
import redis.clients.jedis.Jedis;

/// The whole system with its two pages, for one class of tests.
final class Pages implements AutoCloseable {
    /// The two pages alone, beside another system's.
    record Pair(Service vote, Service result) implements AutoCloseable {
        URI ballot() {
            return vote.address();
        }

        URI standing() {
            return result.address();
        }

        @Override
        public void close() {
            vote.close();
            result.close();
        }
    }

    private static final Path LOG = Stack.root().resolve("lab", "target", "browser-tests.log");

    final Stack stack;
    final Service vote;
    final Service worker;
    final Service result;

    private Pages(Path data, String options) {
        stack = new Stack(data, Map.of("OPTIONS", options), Pages::log);
        vote = stack.add("vote", Stack.freePort(), List.of());
        worker = stack.add("worker", Stack.freePort(), List.of());
        result = stack.add("result", Stack.freePort(), List.of());
    }

    static Pages start(Path data, String options) {
        var pages = new Pages(data, options);
        pages.stack.start();
        pages.stack.awaitReady();
        return pages;
    }

    /// Two more pages on the same Redis and PostgreSQL, with other options.
    Pair with(String options) {
        var pair = new Pair(page("vote", options), page("result", options));
        Await.until("two more pages are ready", () -> pair.vote.unready() == null && pair.result.unready() == null);
        return pair;
    }

    private Service page(String name, String options) {
        var environment = Map.of(
                "PORT",
                Integer.toString(Stack.freePort()),
                "REDIS_HOST",
                "127.0.0.1",
                "REDIS_PORT",
                Integer.toString(stack.redis().port()),
                "PGHOST",
                "127.0.0.1",
                "PGPORT",
                Integer.toString(stack.postgres().port()),
                "OPTIONS",
                options);
        var service = new Service(name, environment, List.of(), Pages::log);
        service.start();
        return service;
    }

    private static synchronized void log(String line) {
        try {
            Files.writeString(LOG, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    URI ballot() {
        return vote.address();
    }

    URI standing() {
        return result.address();
    }

    /// Stores so many votes for each option, as if people had cast them, and forgets all earlier ones.
    void votes(int... counts) {
        var sql = new StringBuilder("TRUNCATE votes;");
        for (int i = 0; i < counts.length; i++) {
            char key = (char) ('a' + i);
            sql.append("INSERT INTO votes SELECT '%1$s' || n, '%1$s' FROM generate_series(1, %2$d) AS n;"
                    .formatted(key, counts[i]));
        }
        try (Connection connection = stack.postgres().connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute(sql.toString());
            connection.commit();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Puts so many votes for `a` into the queue.
    void fillQueue(int votes) {
        try (var redis = new Jedis("127.0.0.1", stack.redis().port())) {
            redis.rpush(
                    Redis.VOTES,
                    IntStream.range(0, votes)
                            .mapToObj(i -> new Vote("q" + i, "a").toMessage())
                            .toArray(String[]::new));
        }
    }

    @Override
    public void close() {
        stack.close();
    }
}
