package lab.faults;

import common.Env;
import common.Metrics;
import common.Redis;
import common.Response;
import common.Vote;
import common.WebServer;
import java.io.IOException;
import java.util.List;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisException;

/// A voting page that says yes before Redis has answered.
final class WrongPage {
    private WrongPage() {}

    static void main() throws IOException {
        var env = new Env(System.getenv());
        Redis redis = Redis.from(env);
        new WebServer(env.port("PORT", 80), new Metrics(), List.of())
                .on("POST /", request -> {
                    var vote = new Vote(request.cookies("voter_id").getFirst(), request.form("vote"));
                    Thread.ofVirtual().start(() -> append(redis, vote));
                    return Response.text(200, "Your vote is in.\n");
                })
                .start(".");
    }

    private static void append(Redis redis, Vote vote) {
        try (Jedis connection = redis.connect(Redis.VOTES)) {
            connection.rpush(Redis.VOTES, vote.toMessage());
        } catch (JedisException _) {
            // too late to tell
        }
    }
}
