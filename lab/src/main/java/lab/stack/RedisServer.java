package lab.stack;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.function.Function;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisException;

/// A real Redis 7 on this machine, from the binaries in `org.signal:embedded-redis`, as durable as the compose file has
/// it.
public final class RedisServer implements Server {
    /// Keeps the terminal's Ctrl-C from it, or it would be gone before the services that need it. macOS has no such
    /// command.
    private static final Path SETSID = Path.of("/usr/bin/setsid");

    private final Path data;
    private final int port;
    private final List<String> options;
    private Process process;

    /// @param options as its command line takes them, beyond those that make it durable
    public RedisServer(Path data, int port, String... options) {
        this.data = data;
        this.port = port;
        this.options = List.of(options);
        try {
            executable(); // now: no other process is started beside, which would hold the file open for writing
        } catch (IOException _) {
            // start() says why
        }
    }

    @Override
    public String name() {
        return "redis";
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public void start() {
        try {
            var builder = new ProcessBuilder(
                    Files.isExecutable(SETSID) ? SETSID.toString() : "env",
                    executable().toString(),
                    "--port",
                    Integer.toString(port),
                    "--bind",
                    "127.0.0.1",
                    "--dir",
                    data.toString(),
                    "--appendonly",
                    "yes",
                    "--appendfsync",
                    "always",
                    "--save",
                    "",
                    "--pidfile",
                    data.resolve("redis.pid").toString());
            builder.command().addAll(options);
            process = builder.redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(
                            data.resolve("redis.log").toFile()))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException("Redis did not start: " + e.getMessage(), e);
        }
        Await.until("Redis answers", this::answers);
    }

    private boolean answers() {
        if (!process.isAlive()) {
            throw new IllegalStateException("Redis did not start: see " + data.resolve("redis.log"));
        }
        try (var redis = new Jedis("127.0.0.1", port)) {
            return redis.ping().equals("PONG");
        } catch (JedisException _) {
            return false;
        }
    }

    /// Its disk is gone, and a new one is there; what it knows of its cluster stays.
    public void loseData() {
        Stack.delete(data.resolve("appendonlydir"));
    }

    /// The folder with its files.
    public Path data() {
        return data;
    }

    /// A connection for whoever sets up or checks, with the patience that a busy machine needs.
    public Jedis connect() {
        return new Jedis("127.0.0.1", port, 60_000);
    }

    /// What it says to that, and nothing if it does not answer, or sends us elsewhere.
    String ask(Function<Jedis, String> question) {
        try (var redis = new Jedis("127.0.0.1", port)) {
            return question.apply(redis);
        } catch (JedisException _) {
            return "";
        }
    }

    /// What counts towards its `maxmemory`, in bytes, or nearly.
    public long usedMemory() {
        try (Jedis redis = connect()) {
            return redis.info("memory")
                    .lines()
                    .filter(line -> line.startsWith("used_memory:"))
                    .mapToLong(line -> Long.parseLong(line.substring("used_memory:".length())))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private Path executable() throws IOException {
        String os = System.getProperty("os.name").startsWith("Mac") ? "darwin" : "linux";
        String architecture = System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64";
        String resource = "redis-server-7.0.15-" + os + "-" + architecture;
        Path executable = data.resolve(resource);
        try (InputStream binary = RedisServer.class.getResourceAsStream("/" + resource)) {
            Files.createDirectories(data);
            if (!Files.exists(executable)) {
                Path unpacked = data.resolve(resource + ".part");
                Files.copy(binary, unpacked, StandardCopyOption.REPLACE_EXISTING);
                unpacked.toFile().setExecutable(true);
                Files.move(unpacked, executable, StandardCopyOption.ATOMIC_MOVE);
            }
            return executable;
        }
    }

    @Override
    public void stop() {
        process.destroy();
        process.onExit().join();
    }

    @Override
    public ProcessHandle process() {
        return process == null ? null : process.toHandle();
    }
}
