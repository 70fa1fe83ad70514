package vote;

import common.Env;
import common.Options;
import common.Redis;

/// What the voting page is told from outside.
///
/// @param newVotersPerMinute how many new voters an address may bring in a minute; 0 for any number
record Settings(int port, Options options, Redis redis, int newVotersPerMinute, Proxies proxies) {
    static Settings from(Env env) {
        return new Settings(
                env.port("PORT", 80),
                Options.from(env),
                Redis.from(env),
                env.number("NEW_VOTERS_PER_MINUTE", 0, 0, 1_000_000),
                Proxies.from(env));
    }
}
