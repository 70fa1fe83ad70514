package worker;

import common.Database;
import common.Env;
import common.Options;
import common.Redis;

/// What the worker is told from outside.
record Settings(int port, Options options, Redis redis, Database database) {
    static Settings from(Env env) {
        return new Settings(env.port("PORT", 80), Options.from(env), Redis.from(env), Database.from(env));
    }
}
