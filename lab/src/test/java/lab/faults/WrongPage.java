package lab.faults;

import common.Env;
import common.Metrics;
import common.Redis;
import common.Response;
import common.Vote;
import common.WebServer;
import java.util.Map;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.exceptions.JedisException;

/// A voting page that says yes before Redis has answered.
final class WrongPage {
    private WrongPage() {}

    static void main() {
        var env = new Env(System.getenv());
        RedisClient redis = Redis.from(env).pool();
        new WebServer(env.port("PORT", 80), new Metrics(), Map.of())
                .post("/", request -> {
                    var vote = new Vote(request.cookies("voter_id").getFirst(), request.form("vote"));
                    Thread.ofVirtual().start(() -> append(redis, vote));
                    return Response.text(200, "Your vote is in.\n");
                })
                .start();
    }

    private static void append(RedisClient redis, Vote vote) {
        try {
            redis.rpush(Redis.VOTES, vote.toMessage());
        } catch (JedisException _) {
            // too late to tell
        }
    }
}
