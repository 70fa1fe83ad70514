package lab.load;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import lab.stack.Await;
import lab.stack.Service;
import lab.stack.Stack;
import redis.clients.jedis.Jedis;

/// What a suite measures on: the system as real processes with data of its own, and the peers and ceilings beside
/// it. Everything ends with it, and the data is gone.
public final class Bed implements AutoCloseable {
    /// What the JVM chooses by itself within the 256 MB that the compose file gives each service.
    public static final List<String> FLAGS = List.of("-XX:+UseSerialGC", "-Xmx64m");

    /// The system, which is not started yet.
    public final Stack stack;

    private final List<Process> others = new ArrayList<>();
    private final Thread onInterrupt = new Thread(this::interrupted, "end");

    /// @param folder gets the data while they last, and the file `services.log`
    /// @param watcher gets every line of that log too
    public Bed(Path folder, Consumer<String> watcher) {
        stack = Stack.temporary(folder, Map.of("OPTIONS", "Cats,Dogs,Birds"), watcher);
        Runtime.getRuntime().addShutdownHook(onInterrupt);
    }

    /// Starts one of our services and waits until it is ready.
    public Service start(String name) {
        return stack.start(name, FLAGS, Map.of());
    }

    /// Starts a peer or a ceiling, whose first argument is its port, and waits until it listens.
    public Peer peer(Class<?> main, int... arguments) throws IOException {
        int port = Stack.freePort();
        List<String> all = new ArrayList<>(List.of(Integer.toString(port)));
        for (int each : arguments) {
            all.add(Integer.toString(each));
        }
        Process process = Fork.start(FLAGS, main, all.toArray(String[]::new));
        others.add(process);
        Await.until(main.getSimpleName() + " listens", () -> listens(port));
        return new Peer(port, process.toHandle());
    }

    /// A server that is measured: ours, or one beside it.
    public record Peer(int port, ProcessHandle process) {
        public static Peer of(Service service) {
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

    /// Empties the queue and the log Redis writes of it, so that each sample finds the same.
    public void emptyRedis(String appendfsync) {
        try (Jedis redis = stack.redis.connect()) {
            redis.flushAll();
            redis.configSet("appendfsync", appendfsync);
            redis.bgrewriteaof();
            Await.until("Redis has written its log anew", () -> {
                String info = redis.info("persistence");
                return info.contains("aof_rewrite_in_progress:0") && info.contains("aof_rewrite_scheduled:0");
            });
        }
    }

    /// Writes out what PostgreSQL has in mind to write, so that it does not do so in the middle of a sample.
    public void settle() throws SQLException {
        stack.postgres.execute("VACUUM ANALYZE votes", "CHECKPOINT");
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
    }
}
