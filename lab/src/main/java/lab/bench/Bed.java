package lab.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import lab.load.Fork;
import lab.stack.Await;
import lab.stack.Service;
import lab.stack.Stack;
import redis.clients.jedis.Jedis;

/// What a suite measures on: the system as real processes with data of its own, and the peers and ceilings beside
/// it. Everything ends with it, and the data is gone.
public final class Bed implements AutoCloseable {
    /// What the JVM chooses by itself within the 256 MB that the compose file gives each service.
    public static final List<String> FLAGS = List.of("-XX:+UseSerialGC", "-Xmx64m");

    private final Path data;
    private final Stack stack;
    private final List<Process> others = new ArrayList<>();
    private final Thread onInterrupt = new Thread(this::interrupted, "end");

    Bed() throws IOException {
        this(Stack.root().resolve("target", "bench"), _ -> {});
    }

    /// @param folder gets the data while it lasts, and the file `services.log`
    /// @param watcher gets every line of that log too
    public Bed(Path folder, Consumer<String> watcher) throws IOException {
        data = Files.createTempDirectory(Files.createDirectories(folder), "data");
        var log = Files.newBufferedWriter(data.resolveSibling("services.log"));
        stack = new Stack(data, Map.of("OPTIONS", "Cats,Dogs,Birds"), line -> {
            try {
                watcher.accept(line);
                log.write(line + "\n");
                log.flush();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        Runtime.getRuntime().addShutdownHook(onInterrupt);
    }

    /// The system, which is not started yet.
    public Stack stack() {
        return stack;
    }

    /// Starts one of our services and waits until it is ready.
    Service start(String name, List<String> jvmFlags) {
        Service service = stack.add(name, Stack.freePort(), jvmFlags);
        service.start();
        Await.until(name + " is ready", () -> service.unready() == null);
        return service;
    }

    /// Starts a peer or a ceiling, whose first argument is its port, and waits until it listens.
    Peer peer(Class<?> main, Object... arguments) throws IOException {
        int port = Stack.freePort();
        List<String> all = new ArrayList<>(List.of(Integer.toString(port)));
        List.of(arguments).forEach(each -> all.add(each.toString()));
        Process process = Fork.start(FLAGS, main, all.toArray(String[]::new));
        others.add(process);
        Await.until(main.getSimpleName() + " listens", () -> listens(port));
        return new Peer(port, process.toHandle());
    }

    /// A server that is measured: ours, or one beside it.
    record Peer(int port, ProcessHandle process) {
        static Peer of(Service service) {
            return new Peer(service.port(), service.process());
        }
    }

    private static boolean listens(int port) {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress("127.0.0.1", port), 1000);
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    public Jedis redis() {
        return new Jedis("127.0.0.1", stack.redis().port(), 60_000);
    }

    public Connection database() throws SQLException {
        return stack.postgres().connect();
    }

    /// Empties the queue and the log Redis writes of it, so that each sample finds the same.
    public void emptyRedis(String appendfsync) {
        try (Jedis redis = redis()) {
            redis.flushAll();
            redis.configSet("appendfsync", appendfsync);
            redis.bgrewriteaof();
            Await.until(
                    "Redis has written its log anew",
                    () -> redis.info("persistence").contains("aof_rewrite_in_progress:0")
                            && redis.info("persistence").contains("aof_rewrite_scheduled:0"));
        }
    }

    /// Writes out what PostgreSQL has in mind to write, so that it does not do so in the middle of a sample.
    void settle() throws SQLException {
        execute("VACUUM ANALYZE votes", "CHECKPOINT");
    }

    public void execute(String... commands) throws SQLException {
        try (Connection connection = database();
                Statement statement = connection.createStatement()) {
            for (String command : commands) {
                statement.execute(command);
            }
        }
    }

    @Override
    public void close() {
        Runtime.getRuntime().removeShutdownHook(onInterrupt);
        end();
    }

    /// Ctrl-C: a load that is running ends too.
    private void interrupted() {
        end();
        ProcessHandle.current().children().forEach(ProcessHandle::destroy);
    }

    private void end() {
        others.forEach(process -> process.destroyForcibly().onExit().join());
        stack.close();
        try (Stream<Path> files = Files.walk(data)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
