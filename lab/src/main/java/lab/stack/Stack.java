package lab.stack;

import common.Env;
import common.Redis;
import java.io.IOException;
import java.io.PrintStream;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import redis.clients.jedis.Jedis;

/// The whole system on this machine: PostgreSQL, Redis and the three services, each a process of its own.
public class Stack implements AutoCloseable {
    private static final int FIRST_PORT = 10_000;
    private static final int PORTS = 22_000;
    private static final AtomicInteger NEXT =
            new AtomicInteger(ThreadLocalRandom.current().nextInt(PORTS));

    public final RedisServer redis;
    public PostgresServer postgres; // which takes what is written
    public final List<RedisServer> nodes; // the one, or those of a cluster
    final List<PostgresServer> databases;
    final List<Service> services = new ArrayList<>();
    private final Map<String, String> settings; // with where the stores are
    public final Redis queue;
    private final Path data;
    private Consumer<String> log = System.out::println;
    private boolean temporary;

    /// Not started yet. It prints every line of its services, each with the service's name in front.
    ///
    /// @param data the folder that keeps the votes
    /// @param settings for all services, beyond where the stores are
    public Stack(Path data, Map<String, String> settings) {
        var redis = new RedisServer(data.resolve("redis"), freePort(), "");
        var postgres = new PostgresServer(data.resolve("postgresql"), freePort());
        this(data, settings, List.of(redis), List.of(postgres));
    }

    Stack(Path data, Map<String, String> settings, List<RedisServer> nodes, List<PostgresServer> databases) {
        this.nodes = nodes;
        this.databases = databases;
        this.redis = nodes.getFirst();
        this.postgres = databases.getFirst();
        this.settings = new HashMap<>(settings);
        tell("REDIS_HOST", "REDIS_PORT", nodes);
        tell("PGHOST", "PGPORT", databases);
        this.queue = Redis.from(new Env(this.settings));
        this.data = data;
    }

    private void tell(String host, String port, List<? extends Server> servers) {
        settings.put(host, String.join(",", Collections.nCopies(servers.size(), "127.0.0.1")));
        settings.put(port, servers.stream().map(server -> "" + server.port()).collect(Collectors.joining(",")));
    }

    /// One for an experiment: its data go when it is closed. What stays is the log of its services.
    ///
    /// @param folder gets the data while they last, and the file `services.log`, in which the lines are
    /// @param watcher gets them too
    /// @param kind makes it, of one machine or of several
    public static Stack temporary(Path folder, Consumer<String> watcher, Function<Path, Stack> kind)
            throws IOException {
        Path data = Files.createTempDirectory(Files.createDirectories(folder), "data");
        var file = new PrintStream(folder.resolve("services.log").toFile(), StandardCharsets.UTF_8);
        Stack stack = kind.apply(data);
        stack.log = watcher.andThen(file::println);
        stack.temporary = true;
        return stack;
    }

    /// Leaves the data where they are, for whoever wants to know what happened.
    public void keep() {
        temporary = false;
    }

    public List<Service> services() {
        return List.copyOf(services);
    }

    /// A connection to the Redis that has this key.
    public Jedis connect(String key) {
        return nodes.size() == 1 ? redis.connect() : queue.connect(key);
    }

    /// Appends messages to the first list, and waits until they are safe.
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
        return queue.lists().stream().allMatch(this::isEmpty);
    }

    public boolean isEmpty(String list) {
        try (Jedis connection = connect(list)) {
            return connection.exists(list, "{" + list + "}:taken") == 0;
        }
    }

    private List<Server> stores() {
        return Stream.<Server>concat(nodes.stream(), databases.stream()).toList();
    }

    /// Redis, PostgreSQL and the services that were added so far.
    public List<Server> servers() {
        return Stream.concat(stores().stream(), services.stream()).toList();
    }

    /// A service that knows where Redis and PostgreSQL are, on a port of its own. It is not started yet.
    ///
    /// @param own settings that win over all others
    public Service add(String name, List<String> jvmFlags, Map<String, String> own) {
        Map<String, String> environment = new HashMap<>(settings);
        environment.put("PORT", Integer.toString(freePort()));
        environment.putAll(own);
        Consumer<String> prefixed = line -> log.accept("%-7s| %s".formatted(name, line));
        var service = new Service(name, environment, jvmFlags, prefixed);
        services.add(service);
        return service;
    }

    public Service start(String name, List<String> jvmFlags, Map<String, String> own) {
        Service service = add(name, jvmFlags, own);
        service.start();
        service.awaitReady();
        return service;
    }

    /// Starts everything at the same time, for any order is right, and waits until all are ready.
    public void start() {
        services.forEach(Service::start);
        startStores();
        awaitReady();
    }

    /// They are ready when this returns.
    public void startStores() {
        inParallel(stores(), Server::start);
    }

    public void awaitReady() {
        services.forEach(Service::awaitReady);
    }

    /// Starts again what does not run any more, and says what that was.
    public List<Server> restartWhatEnded() {
        List<Server> ended =
                servers().stream().filter(server -> !server.isAlive()).toList();
        ended.forEach(Server::start);
        return ended;
    }

    /// Stops everything, those first that need the others.
    @Override
    public void close() {
        inParallel(services, Server::close);
        inParallel(stores(), Server::close);
        if (temporary) {
            FileUtils.deleteQuietly(data.toFile());
        }
    }

    /// Each on a thread of its own: the common pool may have one only, and who stops would wait for who starts.
    static void inParallel(List<? extends Server> servers, Consumer<Server> task) {
        CompletableFuture.allOf(servers.stream()
                        .map(each -> CompletableFuture.runAsync(() -> task.accept(each), Thread.ofPlatform()::start))
                        .toArray(CompletableFuture[]::new))
                .join();
    }

    /// The checkout this code was built in.
    public static Path root() {
        URL code = Stack.class.getProtectionDomain().getCodeSource().getLocation();
        Path built = Path.of(URI.create(code.toString())); // lab/target/lab.jar or lab/target/classes
        return built.resolve("../../..").normalize();
    }

    /// A port that nobody listens on, another each time. It is none of those that systems hand out to outgoing
    /// connections (Linux from 32768, macOS from 49152), which could take it before its server does.
    public static int freePort() {
        while (true) {
            try (var socket = new ServerSocket(FIRST_PORT + NEXT.getAndIncrement() % PORTS)) {
                return socket.getLocalPort();
            } catch (IOException _) {
                // somebody listens on it: try another
            }
        }
    }
}
