package worker;

import common.Vote;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.json.JSONObject;

/// Messages in their order, told apart: votes, and what is none.
record Batch(List<Vote> votes, List<Rejected> rejected) {
    static Batch of(List<String> messages) {
        List<Vote> votes = new ArrayList<>(messages.size());
        List<Rejected> rejected = new ArrayList<>();
        for (String message : messages) {
            try {
                votes.add(Vote.parse(message));
            } catch (IllegalArgumentException e) {
                rejected.add(new Rejected(message, e.getMessage()));
            }
        }
        return new Batch(votes, rejected);
    }

    /// A message that is no vote, and why.
    record Rejected(String message, String reason) {
        /// More of a message than this is not kept: whoever sends megabytes must not fill Redis twice.
        private static final int MOST_KEPT = 400;

        String toJson() {
            return new JSONObject()
                    .put("time", Instant.now().truncatedTo(ChronoUnit.MILLIS).toString())
                    .put("reason", reason)
                    .put("message", message.length() <= MOST_KEPT ? message : message.substring(0, MOST_KEPT) + "…")
                    .toString();
        }
    }
}
