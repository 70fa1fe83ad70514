package vote;

import common.Options;
import common.Options.Option;
import common.Request;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;

/// Who votes, as far as a browser tells: by the cookie `voter_id`, and by the cookie `vote` with the last choice.
final class Voter {
    private static final Pattern ID = Pattern.compile("[0-9a-f]{1,32}"); // ours have 32, the original's 15 or fewer
    private static final SecureRandom RANDOM = new SecureRandom();

    private Voter() {}

    /// The id that the request carries, or a new one.
    static String id(Request request) {
        return request.cookies("voter_id").stream()
                .filter(id -> ID.matcher(id).matches())
                .findFirst()
                .orElseGet(Voter::newId);
    }

    /// 48 bits of milliseconds and 80 random bits: not to be guessed, and rising with time, which keeps the unique
    /// index of the table growing at one end instead of everywhere.
    private static String newId() {
        byte[] random = new byte[10];
        RANDOM.nextBytes(random);
        return HexFormat.of().toHexDigits(System.currentTimeMillis(), 12)
                + HexFormat.of().formatHex(random);
    }

    /// The option this browser chose last in this poll, or null.
    static String choice(Request request, Options options, String poll) {
        List<String> kept = request.cookies("vote");
        var chosen = options.list().stream().filter(option -> kept.contains(encode(option, options.question(), poll)));
        return chosen.map(Option::key).findFirst().orElse(null);
    }

    /// What the cookie `vote` keeps of a choice: its key, and a hash of the poll's number, the question and the label.
    /// Where one of them has changed, the choice belongs to another poll; an option added at the end changes none.
    static String encode(Option option, String question, String poll) {
        int hash = String.join("\n", poll, question, option.label()).hashCode(); // the same on every JVM
        return option.key() + "-" + HexFormat.of().toHexDigits(hash);
    }

    /// What a browser shall keep for a year and send along.
    static String cookie(String name, String value) {
        return name + "=" + value + "; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax";
    }
}
