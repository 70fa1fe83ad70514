package worker;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.json.JSONObject;

/// A message that is no vote, and why.
record Rejected(String message, String reason) {
    /// More of a message than this is not kept: whoever sends megabytes must not fill Redis twice.
    private static final int MOST_KEPT = 1000;

    String toJson() {
        return new JSONObject()
                .put("time", Instant.now().truncatedTo(ChronoUnit.MILLIS).toString())
                .put("reason", reason)
                .put("message", message.length() <= MOST_KEPT ? message : message.substring(0, MOST_KEPT) + "…")
                .toString();
    }
}
