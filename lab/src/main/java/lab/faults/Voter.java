package lab.faults;

import java.util.ArrayList;
import java.util.List;

/// Somebody who votes, and everything that came of it. The options of one voter rise from `a` to `z`, each used
/// once, so that a stored vote tells which attempt it was.
final class Voter {
    enum Outcome {
        /// 200: it must count.
        ACKNOWLEDGED(false),
        /// 503: it may count or not.
        REFUSED(true),
        /// The connection broke, or no answer came in time: it may count or not.
        UNANSWERED(true),
        /// Nobody took the connection: it cannot count.
        UNDELIVERED(false);

        final boolean inDoubt;

        Outcome(boolean inDoubt) {
            this.inDoubt = inDoubt;
        }
    }

    /// @param sent in milliseconds of the run, like `answered`
    record Attempt(String vote, long sent, long answered, Outcome outcome) {
        @Override
        public String toString() {
            return "%s sent at %.3f s, %s at %.3f s"
                    .formatted(vote, sent / 1e3, outcome.name().toLowerCase(), answered / 1e3);
        }
    }

    private final String id;
    private final List<Attempt> attempts = new ArrayList<>();

    Voter(String id) {
        this.id = id;
    }

    String id() {
        return id;
    }

    synchronized String nextVote() {
        return String.valueOf((char) ('a' + attempts.size() % 26));
    }

    synchronized void add(Attempt attempt) {
        attempts.add(attempt);
    }

    synchronized List<Attempt> attempts() {
        return List.copyOf(attempts);
    }
}
