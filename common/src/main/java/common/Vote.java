package common;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.json.JSONException;
import org.json.JSONObject;
import org.json.JSONParserConfiguration;

/// One voter's choice, and the message that carries it through the queue: `{"voter_id":"…","vote":"a"}`.
///
/// @param key of the option, `a` to `z`: a vote for one that only newer pages know is a vote
public record Vote(String voterId, String key) {
    /// What our page writes, and the original's, which has spaces: every vote comes by here, and a JSON parser takes
    /// three times as long. PostgreSQL stores such ids as they are, and none looks like another.
    private static final Pattern USUAL =
            Pattern.compile("\\{\"voter_id\": ?\"([A-Za-z0-9._:-]{1,255})\", ?\"vote\": ?\"([a-z])\"}");

    private static final int MAX_MESSAGE = 1000; // a number of a million digits would cost the parser ten seconds
    private static final JSONParserConfiguration STRICT = new JSONParserConfiguration().withStrictMode(true);

    /// The message to queue. Nothing is escaped: ids and keys have no quotes.
    public String toMessage() {
        return "{\"voter_id\":\"" + voterId + "\",\"vote\":\"" + key + "\"}";
    }

    /// Reads a message as any producer may have written it: other spacing, other order, additional fields.
    ///
    /// @throws IllegalArgumentException if it is not a vote; the message says why
    public static Vote parse(String message) {
        if (message.length() > MAX_MESSAGE) {
            throw new IllegalArgumentException("longer than " + MAX_MESSAGE + " characters");
        }
        Matcher usual = USUAL.matcher(message);
        if (usual.matches()) {
            return new Vote(usual.group(1), usual.group(2));
        }
        try {
            JSONObject json = new JSONObject(message, STRICT);
            Vote vote = new Vote(json.getString("voter_id"), json.getString("vote"));
            if (!USUAL.matcher(vote.toMessage()).matches()) {
                throw new IllegalArgumentException(
                        vote.key.matches("[a-z]")
                                ? "voter_id is not 1 to 255 letters, digits or . _ : -"
                                : "vote is not a letter from a to z");
            }
            return vote;
        } catch (JSONException _) {
            throw new IllegalArgumentException("not a JSON object with the strings voter_id and vote");
        }
    }
}
