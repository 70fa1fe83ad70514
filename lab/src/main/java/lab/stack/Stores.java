package lab.stack;

import common.Env;
import common.Redis;
import java.io.IOException;
import java.net.ServerSocket;
import java.sql.SQLException;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import redis.clients.jedis.Jedis;

/// Redis and PostgreSQL, of one machine or of several, and the queue and the table that they keep.
abstract class Stores {
    private static final Set<Integer> GIVEN = ConcurrentHashMap.newKeySet();

    public final RedisServer redis;
    public final PostgresServer postgres;
    /// One, or those of a cluster.
    public final List<RedisServer> nodes;

    final List<PostgresServer> databases;
    /// Of the services, with those that say where the stores are.
    final Map<String, String> settings;

    private final Redis queue;

    Stores(Map<String, String> settings, List<RedisServer> nodes, List<PostgresServer> databases) {
        this.nodes = nodes;
        this.databases = databases;
        this.redis = nodes.getFirst();
        this.postgres = databases.getFirst();
        this.settings = new HashMap<>(settings);
        tell("REDIS_HOST", "REDIS_PORT", nodes);
        tell("PGHOST", "PGPORT", databases);
        this.queue = Redis.from(new Env(this.settings));
    }

    private void tell(String host, String port, List<? extends Server> servers) {
        settings.put(host, String.join(",", Collections.nCopies(servers.size(), "127.0.0.1")));
        settings.put(port, servers.stream().map(server -> "" + server.port()).collect(Collectors.joining(",")));
    }

    final List<Server> stores() {
        return Stream.<Server>concat(nodes.stream(), databases.stream()).toList();
    }

    /// Starts Redis and PostgreSQL, which are ready when this returns.
    public void startStores() {
        inParallel(stores(), Server::start);
    }

    /// The PostgreSQL that takes what is written.
    public PostgresServer database() {
        return postgres;
    }

    /// All lists of votes.
    public List<String> lists() {
        return queue.lists();
    }

    /// The one that has this voter's.
    public String listOf(String voterId) {
        return lists().get(queue.listOf(voterId));
    }

    /// A connection to the Redis that has this key.
    public Jedis connect(String key) {
        return nodes.size() == 1 ? redis.connect() : queue.connect(key);
    }

    /// Appends messages to the first list, as a foreign producer does who waits until they are safe.
    public void push(String... messages) {
        try (Jedis connection = connect(Redis.VOTES)) {
            connection.rpush(Redis.VOTES, messages);
            queue.confirm(connection);
        }
    }

    /// Waits until there is a copy of everything again, where there is more than one.
    public void heal() throws IOException, SQLException {}

    /// Waits until every vote in the queue is stored.
    public void awaitEmptyQueue() {
        Await.until("the queue is empty", this::isQueueEmpty);
    }

    public boolean isQueueEmpty() {
        return lists().stream().allMatch(this::isEmpty);
    }

    public boolean isEmpty(String list) {
        try (Jedis connection = connect(list)) {
            return connection.exists(list, "{" + list + "}:taken") == 0;
        }
    }

    /// Each on a thread of its own: with two processors the common pool has one, and who stops would wait for who
    /// starts.
    static void inParallel(List<? extends Server> servers, Consumer<Server> task) {
        CompletableFuture.allOf(servers.stream()
                        .map(server ->
                                CompletableFuture.runAsync(() -> task.accept(server), Thread.ofPlatform()::start))
                        .toArray(CompletableFuture[]::new))
                .join();
    }

    /// A port that nobody listens on, another each time. It is none of those that systems hand out to outgoing
    /// connections (Linux from 32768, macOS from 49152), which could take it before its server does.
    public static int freePort() {
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(10_000, 32_000);
            if (!GIVEN.add(port)) {
                continue;
            }
            try (var socket = new ServerSocket(port)) {
                return socket.getLocalPort();
            } catch (IOException _) {
                // somebody listens on it: try another
            }
        }
    }
}
