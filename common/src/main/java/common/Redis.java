package common;

import java.time.Duration;
import redis.clients.jedis.ConnectionPoolConfig;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.RedisClient;

/// Where Redis is, and how to connect: with time limits that turn a hanging server into an error.
public record Redis(String host, int port, String password) {
    /// The queue: votes are appended at the right. The worker's other keys share its hash slot, so that a cluster keeps
    /// them together.
    public static final String VOTES = "votes";

    private static final int TIMEOUT_MILLIS = 2000;

    public static Redis from(Env env) {
        return new Redis(
                env.host("REDIS_HOST", "redis"), env.port("REDIS_PORT", 6379), env.secret("REDIS_PASSWORD", null));
    }

    /// A connection for one thread: two seconds to connect and for each answer, and as long as that beyond what a
    /// blocking command asks for.
    public Jedis connect(int longestBlockMillis) {
        return new Jedis(address(), config(longestBlockMillis));
    }

    /// Connections for many threads, made when they are needed: eight, and a second to wait for one of them.
    public RedisClient pool() {
        var pool = new ConnectionPoolConfig();
        pool.setJmxEnabled(false); // would double the time to start
        pool.setMaxWait(Duration.ofSeconds(1));
        return RedisClient.builder()
                .hostAndPort(address())
                .clientConfig(config(0))
                .poolConfig(pool)
                .build();
    }

    private HostAndPort address() {
        return new HostAndPort(host, port);
    }

    private JedisClientConfig config(int longestBlockMillis) {
        return DefaultJedisClientConfig.builder()
                .connectionTimeoutMillis(TIMEOUT_MILLIS)
                .socketTimeoutMillis(TIMEOUT_MILLIS)
                .blockingSocketTimeoutMillis(TIMEOUT_MILLIS + longestBlockMillis)
                .password(password)
                .build();
    }
}
