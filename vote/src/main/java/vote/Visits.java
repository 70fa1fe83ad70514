package vote;

import common.HttpError;
import common.Redis;
import common.Response;
import java.util.Map;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.exceptions.JedisException;

/// The number of visits, as Redis counts them. Its connections are not those of the queue: however many ask for this,
/// votes need not wait.
final class Visits {
    private static final HttpError UNAVAILABLE =
            new HttpError(503, "Visits cannot be counted right now.", Map.of("Retry-After", "2"));

    private final Redis redis;
    private RedisClient pool;

    Visits(Redis redis) {
        this.redis = redis;
    }

    Response count() {
        try {
            return Response.text(200, "Hello from Redis! I have been seen %d times.\n".formatted(pool().incr("hits")));
        } catch (JedisException _) {
            throw UNAVAILABLE;
        }
    }

    /// Made for the first visit, and not while the page starts.
    private synchronized RedisClient pool() {
        if (pool == null) {
            pool = redis.pool();
        }
        return pool;
    }
}
