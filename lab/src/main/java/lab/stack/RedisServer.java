package lab.stack;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;
import org.apache.commons.io.FileUtils;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisException;

/// A real Redis 7 on this machine, from the binaries in `org.signal:embedded-redis`, as durable as compose has it.
public final class RedisServer extends Server {
    public final Path data;
    private final String configuration;

    /// @param more lines of its configuration file, beyond those that make it durable
    public RedisServer(Path data, int port, String more) {
        super("redis", port);
        this.data = data;
        this.configuration = """
                port %d
                bind 127.0.0.1
                pidfile redis.pid
                appendonly yes
                appendfsync always
                save ""
                """.formatted(port) + more;
        try {
            executable(); // now: no other process is started beside, which would hold the file open for writing
        } catch (IOException _) {
            // start() says why
        }
    }

    @Override
    public void start() {
        Path log = data.resolve("redis.log");
        try {
            // away from the terminal's Ctrl-C, or it would be gone before the services that need it; not so on macOS
            String own = Files.isExecutable(Path.of("/usr/bin/setsid")) ? "setsid" : "env";
            var builder = new ProcessBuilder(own, executable().toString(), "redis.conf");
            Files.writeString(data.resolve("redis.conf"), configuration);
            process = builder.directory(data.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start()
                    .toHandle();
        } catch (IOException e) {
            throw new UncheckedIOException("Redis did not start: " + e.getMessage(), e);
        }
        Await.until("Redis answers", () -> {
            if (!isAlive()) {
                throw new IllegalStateException("Redis did not start: see " + log);
            }
            return ask(Jedis::ping).equals("PONG");
        });
    }

    private Path executable() throws IOException {
        String os = System.getProperty("os.name").startsWith("Mac") ? "darwin" : "linux";
        String architecture = System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64";
        String resource = "redis-server-7.0.15-" + os + "-" + architecture;
        Path executable = data.resolve(resource);
        if (!Files.exists(executable)) {
            File unpacked = data.resolve("unpacked").toFile();
            FileUtils.copyURLToFile(RedisServer.class.getResource("/" + resource), unpacked);
            unpacked.setExecutable(true);
            Files.move(unpacked.toPath(), executable);
        }
        return executable;
    }

    /// With the patience that a busy machine needs.
    public Jedis connect() {
        return new Jedis("127.0.0.1", port(), 60_000);
    }

    /// What it says to that, and nothing if it does not answer, or sends us elsewhere.
    String ask(Function<Jedis, String> question) {
        try (var redis = new Jedis("127.0.0.1", port())) {
            return question.apply(redis);
        } catch (JedisException _) {
            return "";
        }
    }

    /// What counts towards its `maxmemory`, in bytes, or nearly.
    public long usedMemory() {
        try (Jedis redis = connect()) {
            return Long.parseLong(redis.info("memory").replaceFirst("(?s).*\\bused_memory:(\\d+).*", "$1"));
        }
    }
}
