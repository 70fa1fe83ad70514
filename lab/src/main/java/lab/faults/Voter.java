package lab.faults;

import java.util.List;

/// Somebody who votes, and everything that came of it. The options of one voter rise from `a` to `z`, each used
/// once, so that a stored vote tells which attempt it was.
record Voter(String id, List<Attempt> attempts) {
    enum Outcome {
        /// 200: it must count.
        ACKNOWLEDGED,
        /// 503: it may count or not.
        REFUSED,
        /// The connection broke, or no answer came in time: it may count or not.
        UNANSWERED,
        /// Nobody took the connection: it cannot count.
        UNDELIVERED
    }

    /// @param sent in milliseconds of the run, like `answered`
    record Attempt(String vote, long sent, long answered, Outcome outcome) {
        @Override
        public String toString() {
            return "%s sent at %.3f s, %s at %.3f s"
                    .formatted(vote, sent / 1e3, outcome.name().toLowerCase(), answered / 1e3);
        }
    }

    String nextVote() {
        return String.valueOf((char) ('a' + attempts.size() % 26));
    }
}
