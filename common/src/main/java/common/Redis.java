package common;

import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;

/// Where Redis is and how to speak to it: the names of the keys, and time limits that turn a hanging server into an
/// error.
public record Redis(String host, int port, String password) {
    /// The queue: votes are appended at the right. The other keys share its hash slot, so that a cluster keeps them
    /// together.
    public static final String VOTES = "votes";

    private static final int TIMEOUT_MILLIS = 2000;

    public static Redis from(Env env) {
        return new Redis(
                env.host("REDIS_HOST", "redis"), env.port("REDIS_PORT", 6379), env.secret("REDIS_PASSWORD", null));
    }

    public HostAndPort address() {
        return new HostAndPort(host, port);
    }

    /// Two seconds to connect and two for an answer; a blocking command gets two more than it asked for.
    public JedisClientConfig config(int longestBlockMillis) {
        return DefaultJedisClientConfig.builder()
                .connectionTimeoutMillis(TIMEOUT_MILLIS)
                .socketTimeoutMillis(TIMEOUT_MILLIS)
                .blockingSocketTimeoutMillis(TIMEOUT_MILLIS + longestBlockMillis)
                .password(password)
                .build();
    }
}
