package vote;

import common.HttpError;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.Response;
import redis.clients.jedis.args.ExpiryOption;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.params.SetParams;

/// How many new voters one address may bring in a minute, where `NEW_VOTERS_PER_MINUTE` says so. The count is in Redis,
/// for all replicas together; so is the key that signs ids, for whoever may invent ids needs no new one from us.
final class NewVoters {
    private static final HttpError TOO_MANY = new HttpError(
            429,
            "Too many new voters come from your address. Please vote again in a minute.",
            Map.of("Retry-After", "60"));

    private static final String KEY = "voter_key";
    private static final int SECONDS = 60;

    private final RedisClient redis;
    private final int perMinute;
    private volatile SecretKeySpec key;

    NewVoters(RedisClient redis, int perMinute) {
        this.redis = redis;
        this.perMinute = perMinute;
    }

    /// Counts a new voter.
    ///
    /// @throws HttpError 429 if the address brought as many as it may since its minute began, 503 without Redis
    void admit(InetAddress address) {
        String counter = "new_voters:" + household(address);
        try (Pipeline pipeline = redis.pipelined()) {
            Response<Long> count = pipeline.incr(counter);
            pipeline.expire(counter, SECONDS, ExpiryOption.NX); // the first one's minute; none is left without end
            pipeline.sync();
            if (count.get() > perMinute) {
                throw TOO_MANY;
            }
        } catch (JedisException _) {
            throw VoteQueue.UNAVAILABLE;
        }
    }

    /// An IPv4 address, or the /64 that an IPv6 household chooses its addresses from.
    private static String household(InetAddress address) {
        byte[] bytes = address.getAddress();
        return HexFormat.of().formatHex(address instanceof Inet6Address ? Arrays.copyOf(bytes, 8) : bytes);
    }

    /// Whether one of these is our signature of the id.
    boolean isSigned(String id, List<String> signatures) {
        byte[] right = signature(id).getBytes(StandardCharsets.UTF_8);
        return signatures.stream()
                .anyMatch(each -> MessageDigest.isEqual(right, each.getBytes(StandardCharsets.UTF_8)));
    }

    String signature(String id) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key());
            return HexFormat.of().formatHex(mac.doFinal(id.getBytes(StandardCharsets.UTF_8)), 0, 16);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        } catch (JedisException _) {
            throw VoteQueue.UNAVAILABLE;
        }
    }

    /// Made by whichever replica asks first.
    private SecretKeySpec key() {
        if (key == null) {
            byte[] random = new byte[32];
            new SecureRandom().nextBytes(random);
            redis.set(
                    KEY, HexFormat.of().formatHex(random), SetParams.setParams().nx());
            key = new SecretKeySpec(redis.get(KEY).getBytes(StandardCharsets.UTF_8), "HmacSHA256");
        }
        return key;
    }
}
