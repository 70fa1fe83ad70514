package lab.bench;

import common.Metrics;
import common.Response;
import common.Vote;
import common.WebServer;
import java.io.IOException;
import java.util.UUID;
import redis.clients.jedis.ConnectionPoolConfig;
import redis.clients.jedis.RedisClient;

/// The peer of the voting page: the same server and the same parsing, but each request does its own `RPUSH`
/// through a pool and waits for it, as one would write it first.
public final class PooledVote {
    private static final int POOL = 64;

    private PooledVote() {}

    /// @param args its port, the port of Redis, and the size of its page in bytes
    static void main(String[] args) throws IOException {
        var pool = new ConnectionPoolConfig();
        pool.setMaxTotal(POOL);
        pool.setMaxIdle(POOL);
        RedisClient redis = RedisClient.builder()
                .hostAndPort("127.0.0.1", Integer.parseInt(args[1]))
                .poolConfig(pool)
                .build();
        Response page = Response.html(200, "x".repeat(Integer.parseInt(args[2])));
        new WebServer(Integer.parseInt(args[0]), new Metrics())
                .post("/", request -> {
                    String id = request.cookies("voter_id").stream()
                            .findFirst()
                            .orElseGet(() -> UUID.randomUUID().toString());
                    redis.rpush("votes", new Vote(id, request.form("vote")).toMessage());
                    return page.with("Set-Cookie", "voter_id=" + id);
                })
                .start();
    }
}
