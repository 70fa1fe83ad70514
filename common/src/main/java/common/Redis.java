package common;

import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;

/// Where Redis is, and how to connect: with time limits that turn a hanging server into an error.
public record Redis(String host, int port, String password) {
    /// The list of votes: each is appended at the right. What belongs to it is named after it, in braces, so that a
    /// cluster keeps it together.
    public static final String VOTES = "votes";

    private static final int TIMEOUT_MILLIS = 2000;

    public static Redis from(Env env) {
        return new Redis(
                env.host("REDIS_HOST", "redis"), env.port("REDIS_PORT", 6379), env.secret("REDIS_PASSWORD", null));
    }

    /// A connection for one thread: two seconds to connect and for each answer, and as long as that beyond what a
    /// blocking command asks for.
    public Jedis connect(int longestBlockMillis) {
        var config = DefaultJedisClientConfig.builder()
                .connectionTimeoutMillis(TIMEOUT_MILLIS)
                .socketTimeoutMillis(TIMEOUT_MILLIS)
                .blockingSocketTimeoutMillis(TIMEOUT_MILLIS + longestBlockMillis)
                .password(password)
                .build();
        return new Jedis(new HostAndPort(host, port), config);
    }
}
