package lab.stack;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// The whole system on this machine, without Docker: PostgreSQL, Redis and the three services, each a process of its
/// own.
public class Stack extends Stores implements AutoCloseable {
    private final Path data;
    private final Consumer<String> log;
    final List<Service> services = new ArrayList<>();
    private boolean temporary;

    /// Of one machine or of several.
    @FunctionalInterface
    public interface Kind {
        Stack make(Path data, Map<String, String> settings, Consumer<String> log);
    }

    /// A system that is not started yet.
    ///
    /// @param data the folder that keeps the votes
    /// @param settings environment variables for all three services, beyond where Redis and PostgreSQL are
    /// @param log gets every line of the services, each with the service's name in front
    public Stack(Path data, Map<String, String> settings, Consumer<String> log) {
        var redis = new RedisServer(data.resolve("redis"), freePort());
        var postgres = new PostgresServer(data.resolve("postgresql"), freePort());
        this(data, settings, log, List.of(redis), List.of(postgres));
    }

    Stack(
            Path data,
            Map<String, String> settings,
            Consumer<String> log,
            List<RedisServer> nodes,
            List<PostgresServer> databases) {
        super(settings, nodes, databases);
        this.data = data;
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
    public static Stack temporary(Path folder, Map<String, String> settings, Consumer<String> watcher, Kind kind) {
        try {
            Path data = Files.createTempDirectory(Files.createDirectories(folder), "data");
            var log = new PrintStream(folder.resolve("services.log").toFile(), StandardCharsets.UTF_8);
            Stack stack = kind.make(data, settings, line -> {
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

    /// Adds a service, starts it, and waits until it is ready.
    public Service start(String name, List<String> jvmFlags, Map<String, String> own) {
        Service service = add(name, jvmFlags, own);
        service.start();
        service.awaitReady();
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
            delete(data);
        }
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
            var code = Stack.class.getProtectionDomain().getCodeSource();
            return Path.of(code.getLocation().toURI())
                    .resolve("../../..")
                    .normalize(); // lab/target/lab.jar or lab/target/classes
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
