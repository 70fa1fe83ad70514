package vote;

import common.HttpError;
import common.Options;
import common.Request;
import common.Response;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.regex.Pattern;

/// Who votes, as far as a browser tells: the cookie `voter_id`, and the cookie `vote` with the last choice.
final class Voter {
    /// Ours are 32 hexadecimal digits; the original's, 15 or fewer, stay valid.
    private static final Pattern ID = Pattern.compile("[0-9a-f]{1,32}");

    private static final String FOR_A_YEAR = "; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax";
    private static final SecureRandom RANDOM = new SecureRandom();

    private final NewVoters limit;
    private final Proxies proxies;

    /// @param limit on new voters, or null for none
    Voter(NewVoters limit, Proxies proxies) {
        this.limit = limit;
        this.proxies = proxies;
    }

    /// The id that the request carries, or a new one.
    ///
    /// @throws HttpError 429 if its sender's address has brought too many new voters
    String id(Request request) {
        for (String id : request.cookies("voter_id")) {
            if (ID.matcher(id).matches() && (limit == null || limit.isSigned(id, request.cookies("voter_sig")))) {
                return id;
            }
        }
        if (limit != null) {
            limit.admit(proxies.client(request));
        }
        return newId();
    }

    /// 48 bits of milliseconds and 80 random bits: not to be guessed, and rising with time, which keeps the unique
    /// index of the table growing at one end instead of everywhere.
    private static String newId() {
        byte[] random = new byte[10];
        RANDOM.nextBytes(random);
        return HexFormat.of().toHexDigits(System.currentTimeMillis(), 12)
                + HexFormat.of().formatHex(random);
    }

    /// The option this browser chose last, or null.
    static String choice(Request request, Options options) {
        return request.cookies("vote").stream().filter(options::has).findFirst().orElse(null);
    }

    /// The answer with the cookies by which [#id] and [#choice] know the browser again.
    Response remember(Response response, String id, String option) {
        Response remembered = response.with("Set-Cookie", "voter_id=" + id + FOR_A_YEAR)
                .with("Set-Cookie", "vote=" + option + FOR_A_YEAR);
        return limit == null
                ? remembered
                : remembered.with("Set-Cookie", "voter_sig=" + limit.signature(id) + FOR_A_YEAR);
    }
}
