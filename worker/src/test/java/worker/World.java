package worker;

import static org.junit.jupiter.api.Assertions.assertEquals;

import common.Vote;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/// All that is outside of the worker's code at one moment. Messages are numbered in the order of the queue, and vote
/// `a`, `b`, `c` … so that a later vote is a greater one. Of each three, two are one voter's and one another's.
final class World {
    /// The protocol, or what is left when a part of it is done another way, and the promise which that breaks.
    enum Variant {
        RIGHT("none"),
        POP_THEN_WRITE("lost"),
        NO_ROW_LOCK("stepped back"),
        NO_COMPARISON("lost"),
        CUT_BEFORE_COMMIT("lost"),
        TRIM_VOTES_DIRECTLY("lost"),
        DIFFERENT_BATCH_SIZES("stepped back"),
        ACKNOWLEDGED_BEFORE_REDIS_ANSWERED("lost"),
        RESET("none"),
        RESET_WITHOUT_ROW_LOCK("reappeared"),
        RESET_COMMITS_FIRST("reappeared"),
        RESET_LEAVES_STORED("lost");

        final String breaks;

        Variant(String breaks) {
            this.breaks = breaks;
        }
    }

    /// A worker between two calls: the answers it has heard in this batch decide what it does next.
    ///
    /// @param asksRedis whether its next call is to Redis
    /// @param ended whether its session was ended while it held the lock, which it does not know
    record Process(List<Object> heard, boolean asksRedis, boolean locked, boolean ended) {
        /// Also one that died and was replaced, or that begins again after an error, with nothing in its hands.
        static final Process FRESH = new Process(List.of(), false, false, false);
    }

    /// How far [worker.Reset] has come, if it is run at all.
    enum Phase {
        NOT_BEGUN,
        LOCKED,
        HALF_DONE,
        DONE
    }

    private static final List<Vote> VOTES = IntStream.range(0, 26)
            .mapToObj(i -> new Vote("v" + i % 3 / 2, "" + (char) ('a' + i)))
            .toList();

    final Variant variant;
    final World before;
    final List<Process> workers = new ArrayList<>();
    int acknowledged;

    // Redis: the taken list from `cut` to `taken`, the waiting one to `appended`, the counter `{votes}:stored`; and
    // what is late on its way there
    int appended;
    int taken;
    int cut;
    int stored;
    List<String> late = List.of();

    // PostgreSQL: each voter's vote, and how many are `stored`
    final Map<String, String> rows = new TreeMap<>();

    // what is forgotten: the messages before `dropped`
    Phase reset = Phase.NOT_BEGUN;
    int dropped;

    World(Variant variant, int workers) {
        this.variant = variant;
        before = this;
        for (int i = 0; i < workers; i++) {
            this.workers.add(Process.FRESH);
        }
    }

    private World(World before) {
        this.before = before;
        variant = before.variant;
        workers.addAll(before.workers);
        acknowledged = before.acknowledged;
        appended = before.appended;
        taken = before.taken;
        cut = before.cut;
        stored = before.stored;
        reset = before.reset;
        dropped = before.dropped;
        late = before.late;
        rows.putAll(before.rows);
    }

    World after(Consumer<World> move) {
        var after = new World(this);
        move.accept(after);
        return after;
    }

    void vote() {
        acknowledged++;
        appended += variant == Variant.ACKNOWLEDGED_BEFORE_REDIS_ANSWERED ? 0 : 1; // the page died in between
    }

    void arrive() {
        run(late);
        late = List.of();
    }

    boolean canReset() {
        return variant.name().startsWith("RESET")
                && (reset == Phase.NOT_BEGUN
                        ? variant == Variant.RESET_WITHOUT_ROW_LOCK || !isLocked(null)
                        : isResetting());
    }

    boolean isResetting() {
        return reset == Phase.LOCKED || reset == Phase.HALF_DONE;
    }

    /// Whether somebody has the row's lock, this worker (or null) apart.
    boolean isLocked(Process apart) {
        boolean byReset = reset == Phase.LOCKED || reset == Phase.HALF_DONE && variant != Variant.RESET_COMMITS_FIRST;
        return byReset && variant != Variant.RESET_WITHOUT_ROW_LOCK
                || workers.stream().anyMatch(each -> each != apart && each.locked());
    }

    /// The next step of [worker.Reset]: it locks and truncates, runs `reset.lua`, commits.
    void reset() {
        if (reset != Phase.NOT_BEGUN) {
            boolean commits = (reset == Phase.HALF_DONE) != (variant == Variant.RESET_COMMITS_FIRST);
            if (commits) {
                rows.keySet().removeIf(key -> !key.equals("stored"));
            } else {
                stored += taken > cut && variant != Variant.RESET_LEAVES_STORED ? 1 : 0;
                dropped = cut = taken = appended;
            }
        }
        reset = Phase.values()[reset.ordinal() + 1];
    }

    void endSession(int index) {
        Process worker = workers.get(index);
        workers.set(index, new Process(worker.heard, worker.asksRedis, false, true));
    }

    /// What Redis does and answers: `take.lua` has one argument, `cut.lua` three and those that are rejected.
    Object run(List<String> arguments) {
        boolean direct = variant == Variant.TRIM_VOTES_DIRECTLY; // which compares nothing, either
        if (arguments.size() == 1) {
            taken = taken == cut || direct ? appended : taken;
            int end = Math.min(cut + Integer.parseInt(arguments.getFirst()), taken);
            var messages = VOTES.subList(cut, end).stream().map(Vote::toMessage);
            return List.of(messages.toList(), "" + stored, (long) end - cut); // what waits behind makes no difference
        }
        if (variant != Variant.NO_COMPARISON && !direct && !arguments.getFirst().equals("" + stored)) {
            return 0L;
        }
        assertEquals(3, arguments.size(), "nothing is rejected");
        int end = Math.min(cut + Integer.parseInt(arguments.get(1)), direct ? appended : taken);
        stored += end - cut;
        cut = end;
        return 1L;
    }

    /// The promise that the last step broke, or null.
    String broken() {
        for (int i = 0; i < dropped && reset == Phase.DONE; i++) {
            if (VOTES.get(i).key().equals(rows.get(VOTES.get(i).voterId()))) {
                return "reappeared " + VOTES.get(i) + this;
            }
        }
        for (int i = dropped; i < acknowledged && !isResetting(); i++) {
            if (!has(i) && before.has(i) && !before.isResetting()) {
                return "stepped back from " + VOTES.get(i) + this;
            }
            if (!has(i) && (i < cut || i >= appended)) {
                return "lost " + VOTES.get(i) + this;
            }
        }
        return null;
    }

    /// Whether this vote was committed, or a later one of the same voter.
    private boolean has(int message) {
        Vote vote = VOTES.get(message);
        return rows.getOrDefault(vote.voterId(), "").compareTo(vote.key()) >= 0;
    }

    boolean isDone() {
        return cut == acknowledged
                && rows.getOrDefault("stored", "0").equals("" + (dropped == 0 ? acknowledged : stored));
    }

    String stores() {
        return List.of(cut, taken, appended, stored, acknowledged, dropped, reset, rows)
                .toString();
    }

    /// Equal where the same can follow. It makes no difference which of the workers is where, if they are alike.
    List<Object> state() {
        List<Process> sorted = new ArrayList<>(workers);
        if (variant != Variant.DIFFERENT_BATCH_SIZES) {
            sorted.sort(Comparator.comparingInt(Process::hashCode));
        }
        return List.of(stores(), late, sorted);
    }

    /// How it came to this.
    @Override
    public String toString() {
        return (before == this ? "" : before.toString()) + "\n" + state();
    }
}
