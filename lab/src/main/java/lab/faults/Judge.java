package lab.faults;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import lab.faults.Voter.Attempt;
import lab.faults.Voter.Outcome;
import org.json.JSONObject;

/// Compares what the voters were told with what is stored, when all is quiet.
///
/// What must hold: a voter's stored vote is his last acknowledged one, or a later one in doubt; no version of his
/// row ever came after a later one; nobody is stored who never voted; the tally is the count of the table, and what the
/// result page shows; the queue is empty; each garbage message is rejected once, and no vote is.
///
/// What is accepted beyond that, and counted as "late": a vote in doubt may take effect until the fault that
/// swallowed its answer is over and what lay in buffers is worked off, also after a later one that was acknowledged.
final class Judge {
    /// What buffers hold at the end of a fault is worked off in this time.
    private static final int BUFFERS_MILLIS = 2000;

    private final Map<String, Voter> voters;
    private final ToLongFunction<Attempt> faultOver;
    final List<String> offences = new CopyOnWriteArrayList<>();
    int late; // how many votes in doubt came after a vote that was sent later

    /// @param faultOver when the faults were over during which this vote was sent or waited for its answer
    Judge(Map<String, Voter> voters, ToLongFunction<Attempt> faultOver) {
        this.voters = voters;
        this.faultOver = faultOver;
    }

    /// @param table each voter's stored vote
    /// @param seen the versions of each voter's row, in their order
    void votes(Map<String, String> table, Map<String, List<String>> seen) {
        table.keySet().stream()
                .filter(id -> !voters.containsKey(id))
                .forEach(id -> offences.add("a stranger: " + id + " never voted and is stored with " + table.get(id)));
        for (Voter voter : voters.values()) {
            List<Attempt> attempts = voter.attempts();
            String stored = table.get(voter.id());
            List<String> versions = seen.getOrDefault(voter.id(), List.of());
            String offence = versions.stream().anyMatch(vote -> countable(attempts, vote) == null)
                    ? "stored though never sent"
                    : offence(attempts, stored, versions);
            if (offence != null) {
                String voted = attempts.stream().map(Attempt::toString).collect(Collectors.joining("\n           "));
                String seenVotes = String.join(", ", versions);
                offences.add("%s: voter %s, stored %s%n    seen   %s%n    voted  %s"
                        .formatted(offence, voter.id(), stored, seenVotes, voted));
            }
        }
    }

    private String offence(List<Attempt> attempts, String stored, List<String> versions) {
        Attempt last = attempts.stream()
                .filter(attempt -> attempt.outcome() == Outcome.ACKNOWLEDGED)
                .reduce((_, next) -> next)
                .orElse(null);
        if (last != null && stored == null) {
            return "lost";
        }
        if (last != null && !mayFollow(countable(attempts, stored), last, attempts)) {
            return "stale";
        }
        for (int i = 1; i < versions.size(); i++) {
            Attempt before = countable(attempts, versions.get(i - 1));
            if (!mayFollow(countable(attempts, versions.get(i)), before, attempts)) {
                return "stepped back";
            }
        }
        return null;
    }

    private static Attempt countable(List<Attempt> attempts, String vote) {
        return attempts.stream()
                .filter(attempt -> attempt.vote().equals(vote) && attempt.outcome() != Outcome.UNDELIVERED)
                .findFirst()
                .orElse(null);
    }

    /// Whether `attempt`, one that is [#countable], may be stored where `before` was.
    private boolean mayFollow(Attempt attempt, Attempt before, List<Attempt> attempts) {
        if (attempts.indexOf(attempt) >= attempts.indexOf(before)) {
            return true;
        }
        boolean open = attempt.outcome() != Outcome.ACKNOWLEDGED
                && before.sent() < faultOver.applyAsLong(attempt) + BUFFERS_MILLIS;
        late += open ? 1 : 0;
        return open;
    }

    /// @param counted what `SELECT vote, count(*)` says, `tally` what the table of that name says
    void counts(Map<String, ?> counted, Map<String, ?> tally) {
        if (!tally.equals(counted)) {
            offences.add("the tally is wrong: %s instead of %s".formatted(tally, counted));
        }
    }

    /// @param garbage each message that was pushed, and whether Redis said that it has it
    /// @param rejected what lies in the list of the rejected
    void garbage(Map<String, Boolean> garbage, List<String> rejected) {
        Map<String, Integer> found = new HashMap<>();
        rejected.forEach(entry -> found.merge(new JSONObject(entry).getString("message"), 1, Integer::sum));
        garbage.forEach((message, certain) -> {
            int times = found.getOrDefault(message, 0);
            if (times > 1 || certain && times == 0) {
                offences.add("garbage was rejected " + times + " times: " + message);
            }
        });
        found.keySet().stream()
                .filter(message -> !garbage.containsKey(message))
                .forEach(message -> offences.add("rejected though not garbage: " + message));
    }
}
