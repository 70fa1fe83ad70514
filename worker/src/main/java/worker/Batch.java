package worker;

import common.Vote;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.json.JSONObject;

/// The first messages of a list that was taken, in their order: votes, and what is none.
///
/// @param before how many messages were ever cut off before them
/// @param behind how many wait behind them
record Batch(int size, List<Vote> votes, List<Rejected> rejected, long before, long behind) {
    static Batch of(List<?> messages, long before, long behind) {
        List<Vote> votes = new ArrayList<>(messages.size());
        List<Rejected> rejected = new ArrayList<>();
        for (Object each : messages) {
            String message = (String) each;
            try {
                votes.add(Vote.parse(message));
            } catch (IllegalArgumentException e) {
                rejected.add(new Rejected(message, e.getMessage()));
            }
        }
        return new Batch(messages.size(), votes, rejected, before, behind);
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
