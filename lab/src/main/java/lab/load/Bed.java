package lab.load;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import lab.stack.Await;
import lab.stack.Server;
import lab.stack.Service;
import lab.stack.Stack;
import redis.clients.jedis.Jedis;

/// What is measured on: the system as real processes with data of its own, and the peers and ceilings beside it.
/// Everything ends with it, or with Ctrl-C, and the data is gone.
public final class Bed implements AutoCloseable {
    /// What the JVM chooses by itself within the 256 MB that the compose file gives each service.
    public static final List<String> FLAGS = List.of("-XX:+UseSerialGC", "-Xmx64m");

    public final Stack stack; // not started yet
    private final List<Fork> peers = new ArrayList<>();

    /// With folder and watcher of [Stack#temporary].
    public Bed(Path folder, Consumer<String> watcher) throws IOException {
        stack = Stack.temporary(folder, watcher, data -> new Stack(data, Map.of("OPTIONS", "Cats,Dogs,Birds")));
        Runtime.getRuntime().addShutdownHook(new Thread(this::end, "end"));
    }

    private void end() {
        close();
        ProcessHandle.current().children().forEach(ProcessHandle::destroy); // a load that is running ends too
        new Cgroup(List.of()).close(); // whoever made it
    }

    /// Starts one of our services and waits until it is ready.
    public Service start(String name) {
        return stack.start(name, FLAGS, Map.of());
    }

    /// A server that is measured: ours, or one beside it.
    ///
    /// @param name the part of the system that it is, or whose place it takes
    public record Peer(String name, int port, ProcessHandle process) {
        public static Peer of(Server server) {
            return new Peer(server.name(), server.port(), server.process());
        }
    }

    /// Starts a peer or a ceiling: work that leaves a server behind in its process, and returns its port.
    public Peer peer(String name, Fork.Work<Integer> server) throws IOException, ClassNotFoundException {
        Fork fork = Fork.start(FLAGS, server);
        peers.add(fork);
        return new Peer(name, (int) fork.result(), fork.process().toHandle());
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
    public synchronized void close() { // for Ctrl-C comes in the middle of it
        peers.forEach(Fork::close);
        stack.close();
    }
}
