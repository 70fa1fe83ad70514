package result;

import common.Database;
import common.Env;
import common.Options;

/// What the result page is told from outside.
record Settings(int port, Options options, Database database) {
    static Settings from(Env env) {
        return new Settings(env.port("PORT", 80), Options.from(env), Database.from(env));
    }
}
