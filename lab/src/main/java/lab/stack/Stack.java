package lab.stack;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;

/// The whole system on this machine, without Docker: PostgreSQL, Redis and the three services, each a process of its
/// own.
public final class Stack implements AutoCloseable {
    private final PostgresServer postgres;
    private final RedisServer redis;
    private final Map<String, String> settings;
    private final Consumer<String> log;
    private final List<Service> services = new ArrayList<>();

    /// A system that is not started yet.
    ///
    /// @param data the folder that keeps the votes
    /// @param settings environment variables for all three services, beyond where Redis and PostgreSQL are
    /// @param log gets every line of the services, each with the service's name in front
    public Stack(Path data, Map<String, String> settings, Consumer<String> log) {
        this.postgres = new PostgresServer(data.resolve("postgresql"), freePort());
        this.redis = new RedisServer(data.resolve("redis"), freePort(), Map.of());
        this.settings = settings;
        this.log = log;
    }

    public PostgresServer postgres() {
        return postgres;
    }

    public RedisServer redis() {
        return redis;
    }

    /// The services that were added so far.
    public List<Service> services() {
        return List.copyOf(services);
    }

    /// A service that knows where Redis and PostgreSQL are. It is not started yet.
    public Service add(String name, int port, List<String> jvmFlags) {
        return add(name, port, jvmFlags, Map.of());
    }

    /// The same with settings of its own, which win over all others.
    public Service add(String name, int port, List<String> jvmFlags, Map<String, String> own) {
        Map<String, String> environment = new HashMap<>(settings);
        environment.putAll(Map.of(
                "PORT", Integer.toString(port),
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

    /// Starts everything at the same time; any order is right.
    public void start() {
        startServices();
        startStores();
    }

    public void startServices() {
        services.forEach(Service::start);
    }

    /// Starts Redis and PostgreSQL, which are ready when this returns.
    public void startStores() {
        inParallel(List.of(redis::start, postgres::start));
    }

    /// Waits until every service says that it is ready.
    public void awaitReady() {
        for (Service service : services) {
            Await.until(service.name() + " is ready", () -> service.unready() == null);
        }
    }

    /// Stops everything, those first that need the others.
    @Override
    public void close() {
        inParallel(services.stream().<Runnable>map(service -> service::close).toList());
        inParallel(List.of(redis::close, postgres::close));
    }

    private static void inParallel(List<Runnable> tasks) {
        CompletableFuture.allOf(tasks.stream().map(CompletableFuture::runAsync).toArray(CompletableFuture[]::new))
                .join();
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
