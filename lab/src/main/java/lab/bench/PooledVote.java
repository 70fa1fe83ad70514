package lab.bench;

import common.Metrics;
import common.Response;
import common.Vote;
import common.WebServer;
import java.io.IOException;
import java.util.List;
import java.util.UUID;
import lab.load.Fork;
import redis.clients.jedis.ConnectionPoolConfig;
import redis.clients.jedis.RedisClient;

/// The peer of the voting page: the same server and the same parsing, but each request does its own `RPUSH`
/// through a pool and waits for it, as one would write it first.
///
/// @param queue the list that it appends to
/// @param page that it shows to everybody
record PooledVote(int port, int redisPort, String queue, String page) implements Fork.Work<Integer> {
    private static final int POOL = 64;

    @Override
    public Integer work() throws IOException {
        var pool = new ConnectionPoolConfig();
        pool.setMaxTotal(POOL);
        pool.setMaxIdle(POOL);
        RedisClient redis = RedisClient.builder()
                .hostAndPort("127.0.0.1", redisPort)
                .poolConfig(pool)
                .build();
        Response voted = Response.html(200, page);
        new WebServer(port, new Metrics(), List.of())
                .on("POST /", request -> {
                    String id = request.cookies("voter_id").stream()
                            .findFirst()
                            .orElseGet(() -> UUID.randomUUID().toString());
                    redis.rpush(queue, new Vote(id, request.form("vote")).toMessage());
                    return voted.with("Set-Cookie", "voter_id=" + id);
                })
                .start(".");
        return port;
    }
}
