package lab.stack;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.stream.Stream;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.util.JedisClusterCRC16;

/// The whole system on this machine, without Docker: PostgreSQL, Redis and the three services, each a process of its
/// own.
public class Stack implements AutoCloseable {
    private static final Set<Integer> GIVEN = ConcurrentHashMap.newKeySet();

    public final PostgresServer postgres;
    public final RedisServer redis;
    protected final Map<String, String> settings;
    private final Path data;
    private final Consumer<String> log;
    private final List<Service> services = new ArrayList<>();
    private boolean temporary;

    /// Of one machine or of several.
    @FunctionalInterface
    public interface Kind<T extends Stack> {
        T make(Path data, Map<String, String> settings, Consumer<String> log);
    }

    /// A system that is not started yet.
    ///
    /// @param data the folder that keeps the votes
    /// @param settings environment variables for all three services, beyond where Redis and PostgreSQL are
    /// @param log gets every line of the services, each with the service's name in front
    public Stack(Path data, Map<String, String> settings, Consumer<String> log) {
        this.data = data;
        this.postgres = new PostgresServer(data.resolve("postgresql"), freePort());
        this.redis = new RedisServer(data.resolve("redis"), freePort());
        this.settings = settings;
        this.log = log;
    }

    /// The same for an experiment: its data go when it is closed. What stays is the log of its services.
    ///
    /// @param folder gets the data while they last, and the file `services.log`
    /// @param watcher gets every line of that log too
    public static Stack temporary(Path folder, Map<String, String> settings, Consumer<String> watcher) {
        return temporary(folder, settings, watcher, Stack::new);
    }

    /// @param kind makes it
    public static <T extends Stack> T temporary(
            Path folder, Map<String, String> settings, Consumer<String> watcher, Kind<T> kind) {
        try {
            Path data = Files.createTempDirectory(Files.createDirectories(folder), "data");
            var file = Files.newOutputStream(folder.resolve("services.log"));
            var log = new PrintStream(file, true, StandardCharsets.UTF_8);
            T stack = kind.make(data, settings, line -> {
                watcher.accept(line);
                log.println(line);
            });
            ((Stack) stack).temporary = true;
            return stack;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Leaves the data where they are, for whoever wants to know what happened.
    public void keep() {
        temporary = false;
    }

    /// The services that were added so far.
    public List<Service> services() {
        return List.copyOf(services);
    }

    /// The PostgreSQL that takes what is written.
    public PostgresServer database() {
        return postgres;
    }

    /// All lists of votes.
    public List<String> lists() {
        return List.of("votes");
    }

    /// The one that has this voter's.
    public String listOf(String voterId) {
        return lists().get(JedisClusterCRC16.getSlot(voterId) % lists().size());
    }

    /// A connection to the Redis that has this key.
    public Jedis connect(String key) {
        return redis.connect();
    }

    /// Appends messages to the first list, as a foreign producer does who waits until they are safe.
    public void push(String... messages) {
        try (Jedis connection = connect("votes")) {
            connection.rpush("votes", messages);
        }
    }

    /// Waits until there is a copy of everything again, where there is more than one.
    public void heal() throws IOException, SQLException {}

    /// Forgets all that waits in Redis.
    public void forgetQueue() {
        for (String list : lists()) {
            try (Jedis connection = connect(list)) {
                connection.flushAll();
            }
        }
    }

    /// Redis and PostgreSQL.
    protected List<Server> stores() {
        return List.of(redis, postgres);
    }

    /// Where the services find them.
    protected Map<String, String> addresses() {
        return Map.of(
                "REDIS_HOST",
                "127.0.0.1",
                "REDIS_PORT",
                Integer.toString(redis.port()),
                "PGHOST",
                "127.0.0.1",
                "PGPORT",
                Integer.toString(postgres.port()));
    }

    /// Redis, PostgreSQL and the services that were added so far.
    public List<Server> servers() {
        List<Server> servers = new ArrayList<>(stores());
        servers.addAll(services);
        return servers;
    }

    /// The first service of this name.
    public Service service(String name) {
        return services.stream()
                .filter(service -> service.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /// A service that knows where Redis and PostgreSQL are, on a port of its own. It is not started yet.
    ///
    /// @param own settings that win over all others
    public Service add(String name, List<String> jvmFlags, Map<String, String> own) {
        Map<String, String> environment = new HashMap<>(settings);
        environment.put("PORT", Integer.toString(freePort()));
        environment.putAll(addresses());
        environment.putAll(own);
        Consumer<String> prefixed = line -> log.accept("%-7s| %s".formatted(name, line));
        var service = new Service(name, environment, jvmFlags, prefixed);
        services.add(service);
        return service;
    }

    /// Adds a service, starts it, and waits until it is ready.
    public Service start(String name, List<String> jvmFlags, Map<String, String> own) {
        Service service = add(name, jvmFlags, own);
        service.start();
        service.awaitReady();
        return service;
    }

    /// Ends a service, and puts one with other flags but the same port and settings in its place. It is not started
    /// yet.
    public Service replace(Service old, List<String> jvmFlags) {
        return replace(old, jvmFlags, Map.of());
    }

    /// @param changed settings that win over those it had
    public Service replace(Service old, List<String> jvmFlags, Map<String, String> changed) {
        old.close();
        Service service = old.with(jvmFlags, changed);
        services.set(services.indexOf(old), service);
        return service;
    }

    /// Starts everything at the same time, which any order is right for, and waits until all are ready.
    public void start() {
        startServices();
        startStores();
        awaitReady();
    }

    public void startServices() {
        services.forEach(Service::start);
    }

    /// Starts Redis and PostgreSQL, which are ready when this returns.
    public void startStores() {
        inParallel(stores().stream().<Runnable>map(store -> store::start).toList());
    }

    public void awaitReady() {
        services.forEach(Service::awaitReady);
    }

    /// Starts again what does not run any more, and says what that was.
    public List<Server> restartWhatEnded() {
        List<Server> ended = servers();
        ended.removeIf(Server::isAlive);
        ended.forEach(Server::start);
        return ended;
    }

    /// Waits until every vote in the queue is stored.
    public void awaitEmptyQueue() {
        Await.until("the queue is empty", this::isQueueEmpty);
    }

    public boolean isQueueEmpty() {
        return lists().stream().allMatch(list -> {
            try (Jedis connection = connect(list)) {
                return connection.exists(list, "{" + list + "}:taken") == 0;
            }
        });
    }

    /// Stops everything, those first that need the others.
    @Override
    public void close() {
        inParallel(services.stream().<Runnable>map(service -> service::close).toList());
        inParallel(stores().stream().<Runnable>map(store -> store::close).toList());
        if (temporary) {
            delete(data);
        }
    }

    /// Each on a thread of its own: with two processors the common pool has one, and who stops would wait for who
    /// starts.
    protected static void inParallel(List<Runnable> tasks) {
        CompletableFuture.allOf(tasks.stream()
                        .map(task -> CompletableFuture.runAsync(task, Thread.ofPlatform()::start))
                        .toArray(CompletableFuture[]::new))
                .join();
    }

    /// Deletes a folder and all that is in it, if there is one.
    public static void delete(Path folder) {
        if (Files.exists(folder)) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /// The checkout this code was built in.
    public static Path root() {
        try {
            var here = Path.of(Stack.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            return here.resolve("../../..").normalize(); // lab/target/lab.jar or lab/target/classes
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /// A port that nobody listens on, another each time. It is none of those that systems hand out to outgoing
    /// connections (Linux from
    /// 32768, macOS from 49152), which could take it before its server does.
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
