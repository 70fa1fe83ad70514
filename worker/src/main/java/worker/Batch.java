package worker;

import common.Options;
import common.Vote;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Messages in their order, told apart: votes, and what is none.
record Batch(List<Vote> votes, List<Rejected> rejected) {
    static Batch of(List<String> messages, Options options) {
        List<Vote> votes = new ArrayList<>(messages.size());
        List<Rejected> rejected = new ArrayList<>();
        for (String message : messages) {
            try {
                votes.add(Vote.parse(message, options));
            } catch (Vote.InvalidVoteException e) {
                rejected.add(new Rejected(message, e.getMessage()));
            }
        }
        return new Batch(votes, rejected);
    }

    /// Each voter's last vote. Once, because an upsert refuses the same row twice; sorted by id, so that two
    /// writers of the table cannot deadlock.
    Map<String, String> lastVotes() {
        Map<String, String> last = new TreeMap<>();
        votes.forEach(vote -> last.put(vote.voterId(), vote.option()));
        return last;
    }
}
