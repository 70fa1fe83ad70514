package lab.stack;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.stream.Stream;
import redis.clients.jedis.Jedis;

/// The whole system on this machine, without Docker: PostgreSQL, Redis and the three services, each a process of its
/// own.
public final class Stack implements AutoCloseable {
    public final PostgresServer postgres;
    public final RedisServer redis;
    private final Path data;
    private final Map<String, String> settings;
    private final Consumer<String> log;
    private final List<Service> services = new ArrayList<>();
    private boolean temporary;

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
        try {
            Path data = Files.createTempDirectory(Files.createDirectories(folder), "data");
            var file = Files.newOutputStream(folder.resolve("services.log"));
            var log = new PrintStream(file, true, StandardCharsets.UTF_8);
            var stack = new Stack(data, settings, line -> {
                watcher.accept(line);
                log.println(line);
            });
            stack.temporary = true;
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

    /// Redis, PostgreSQL and the services that were added so far.
    public List<Server> servers() {
        List<Server> servers = new ArrayList<>(List.of(redis, postgres));
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
        environment.putAll(Map.of(
                "PORT", Integer.toString(freePort()),
                "REDIS_HOST", "127.0.0.1",
                "REDIS_PORT", Integer.toString(redis.port()),
                "PGHOST", "127.0.0.1",
                "PGPORT", Integer.toString(postgres.port())));
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
        old.close();
        Service service = old.with(jvmFlags);
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
        inParallel(List.of(redis::start, postgres::start));
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
        try (Jedis connection = redis.connect()) {
            return connection.exists("votes", "{votes}:taken") == 0;
        }
    }

    /// Stops everything, those first that need the others.
    @Override
    public void close() {
        inParallel(services.stream().<Runnable>map(service -> service::close).toList());
        inParallel(List.of(redis::close, postgres::close));
        if (temporary) {
            delete(data);
        }
    }

    /// Each on a thread of its own: with two processors the common pool has one, and who stops would wait for who
    /// starts.
    private static void inParallel(List<Runnable> tasks) {
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

    /// A port that nobody listens on. It is none of those that systems hand out to outgoing connections (Linux from
    /// 32768, macOS from 49152), which could take it before its server does.
    public static int freePort() {
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(10_000, 32_000);
            try (var socket = new ServerSocket(port)) {
                return socket.getLocalPort();
            } catch (IOException _) {
                // somebody listens on it: try another
            }
        }
    }
}
