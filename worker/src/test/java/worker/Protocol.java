package worker;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// The protocol of [Worker] in miniature, small enough to walk through every order in which things can happen: each
/// worker does one step at a time, stops for any while (that is: others go on), dies, or loses its session unnoticed,
/// at every step. Messages are numbered in the order of the queue; the even ones are one voter's, the odd ones
/// another's.
final class Protocol {
    /// The protocol, or what is left when a part of it is done another way.
    enum Variant {
        RIGHT,
        POP_THEN_WRITE,
        NO_ROW_LOCK,
        NO_WATCH,
        WATCH_AFTER_READ,
        CUT_BEFORE_COMMIT,
        TRIM_VOTES_DIRECTLY,
        DIFFERENT_BATCH_SIZES,
        ACKNOWLEDGED_BEFORE_REDIS_ANSWERED
    }

    /// The last thing a worker did. From BEGUN until the commit it believes that it holds the row's lock.
    private enum Did {
        NOTHING,
        BEGUN,
        TAKEN,
        WATCHED,
        READ,
        WATCHED_LATE,
        CUT_EARLY,
        COMMITTED
    }

    /// A worker that has read the messages after `from` up to `to`.
    ///
    /// @param locked whether it really holds the lock: false if its session was ended meanwhile
    /// @param touched whether the list it watches was changed since
    private record Process(Did did, int from, int to, boolean locked, boolean touched, int batch) {
        Process did(Did now) {
            return new Process(now, from, to, locked, touched, batch);
        }

        Process read(Did now, int first, int last) {
            return new Process(now, first, last, locked, touched, batch);
        }

        Process lock(boolean now) {
            return new Process(did, from, to, now, touched, batch);
        }

        Process watch(boolean touchedNow) {
            return new Process(did, from, to, locked, touchedNow, batch);
        }

        Process again() {
            return new Process(Did.NOTHING, 0, 0, false, false, batch);
        }

        boolean watches() {
            return did.compareTo(Did.WATCHED) >= 0;
        }
    }

    /// Messages up to `removed` are out of Redis, those up to `taken` in the taken list, those up to `appended` in
    /// the waiting one.
    ///
    /// @param stored a bit for each message that was ever committed
    /// @param even the last vote of the first voter in the table, `odd` of the second
    private record State(
            int acknowledged,
            int appended,
            int taken,
            int removed,
            int stored,
            int even,
            int odd,
            List<Process> workers) {
        State with(int index, Process worker) {
            List<Process> all = new ArrayList<>(workers);
            all.set(index, worker);
            return new State(acknowledged, appended, taken, removed, stored, even, odd, all);
        }

        State append(int toAcknowledge, int toAppend) {
            return new State(
                    acknowledged + toAcknowledge, appended + toAppend, taken, removed, stored, even, odd, workers);
        }

        /// The taken list changed: whoever watches it will be refused.
        State lists(int nowTaken, int nowRemoved) {
            List<Process> all = workers.stream()
                    .map(worker -> worker.watches() ? worker.watch(true) : worker)
                    .toList();
            return new State(acknowledged, appended, nowTaken, nowRemoved, stored, even, odd, all);
        }

        State table(int nowStored, int nowEven, int nowOdd) {
            return new State(acknowledged, appended, taken, removed, nowStored, nowEven, nowOdd, workers);
        }

        /// Workers are alike, so which of them is where makes no difference.
        State canonical() {
            List<Process> sorted = workers.stream()
                    .sorted(Comparator.comparingInt(Process::hashCode))
                    .toList();
            return new State(acknowledged, appended, taken, removed, stored, even, odd, sorted);
        }
    }

    /// What was found: how many states there are, and the first broken promise, or null.
    record Finding(int states, String broken) {}

    private final Variant variant;
    private final int messages;
    private final Set<State> seen = new HashSet<>();
    private final ArrayDeque<State> open = new ArrayDeque<>();
    private String broken;

    private Protocol(Variant variant, int messages) {
        this.variant = variant;
        this.messages = messages;
    }

    /// Visits every state that can be reached, or stops at the first that breaks a promise.
    static Finding explore(Variant variant, int workers, int messages) {
        var protocol = new Protocol(variant, messages);
        List<Process> processes = new ArrayList<>();
        for (int i = 0; i < workers; i++) {
            int batch = variant == Variant.DIFFERENT_BATCH_SIZES ? 2 + i : 2;
            processes.add(new Process(Did.NOTHING, 0, 0, false, false, batch));
        }
        protocol.visit(new State(0, 0, 0, 0, 0, 0, 0, processes));
        while (!protocol.open.isEmpty() && protocol.broken == null) {
            protocol.goOnFrom(protocol.open.remove());
        }
        if (protocol.broken == null && protocol.seen.stream().noneMatch(state -> state.removed == messages)) {
            protocol.broken = "the work is never done";
        }
        return new Finding(protocol.seen.size(), protocol.broken);
    }

    private void visit(State state) {
        for (int message = 1; message <= state.acknowledged; message++) {
            boolean listed = message > state.removed && message <= state.appended;
            if (!listed && (state.stored & 1 << message) == 0) {
                broken = "lost " + message + " in " + state;
            }
        }
        State canonical = state.canonical();
        if (seen.add(canonical)) {
            open.add(canonical);
        }
    }

    private void goOnFrom(State state) {
        if (variant == Variant.ACKNOWLEDGED_BEFORE_REDIS_ANSWERED) {
            if (state.acknowledged < messages) {
                visit(state.append(1, 0));
            }
            if (state.appended < state.acknowledged) {
                visit(state.append(0, 1));
            }
        } else if (state.appended < messages) {
            visit(state.append(1, 1));
        }
        for (int i = 0; i < state.workers.size(); i++) {
            Process worker = state.workers.get(i);
            step(state, i, worker);
            visit(state.with(i, worker.again())); // it dies, or a connection breaks and it begins again
            visit(state.with(i, worker.lock(false))); // its session is ended, and it does not know
        }
    }

    private void step(State state, int i, Process worker) {
        switch (worker.did) {
            case NOTHING -> begin(state, i, worker);
            case BEGUN -> take(state, i, worker);
            case TAKEN -> {
                if (variant == Variant.WATCH_AFTER_READ) {
                    read(state, i, worker);
                } else {
                    visit(state.with(i, worker.watch(false).did(Did.WATCHED)));
                }
            }
            case WATCHED -> read(state, i, worker);
            case READ -> {
                switch (variant) {
                    case WATCH_AFTER_READ ->
                        visit(state.with(i, worker.watch(false).did(Did.WATCHED_LATE)));
                    case CUT_BEFORE_COMMIT -> cut(state, i, worker, worker.did(Did.CUT_EARLY));
                    default -> commit(state, i, worker);
                }
            }
            case WATCHED_LATE, CUT_EARLY -> commit(state, i, worker);
            case COMMITTED -> cut(state, i, worker, worker.again());
        }
    }

    private void begin(State state, int i, Process worker) {
        if (variant == Variant.POP_THEN_WRITE) {
            if (state.removed < state.appended) {
                State popped = state.lists(state.removed + 1, state.removed + 1);
                visit(popped.with(i, worker.read(Did.READ, state.removed, state.removed + 1)));
            }
        } else if (variant == Variant.NO_ROW_LOCK || state.workers.stream().noneMatch(Process::locked)) {
            visit(state.with(i, worker.lock(true).did(Did.BEGUN)));
        }
    }

    private void take(State state, int i, Process worker) {
        boolean takes =
                variant != Variant.TRIM_VOTES_DIRECTLY && state.taken == state.removed && state.appended > state.taken;
        State after = takes ? state.lists(state.appended, state.removed) : state;
        visit(after.with(i, worker.did(Did.TAKEN)));
    }

    private void read(State state, int i, Process worker) {
        int end = variant == Variant.TRIM_VOTES_DIRECTLY ? state.appended : state.taken;
        int to = Math.min(state.removed + worker.batch, end);
        visit(state.with(i, to == state.removed ? worker.again() : worker.read(Did.READ, state.removed, to)));
    }

    private void commit(State state, int i, Process worker) {
        boolean needsLock = variant != Variant.NO_ROW_LOCK && variant != Variant.POP_THEN_WRITE;
        if (needsLock && !worker.locked) {
            visit(state.with(i, worker.again()));
            return;
        }
        int stored = state.stored;
        int even = state.even;
        int odd = state.odd;
        for (int message = worker.from + 1; message <= worker.to; message++) {
            stored |= 1 << message;
            even = message % 2 == 0 ? message : even;
            odd = message % 2 == 1 ? message : odd;
        }
        if (even < state.even || odd < state.odd) {
            broken = "a voter stepped back in " + state;
        }
        boolean done = variant == Variant.POP_THEN_WRITE || variant == Variant.CUT_BEFORE_COMMIT;
        Process after = done ? worker.again() : worker.lock(false).did(Did.COMMITTED);
        visit(state.table(stored, even, odd).with(i, after));
    }

    private void cut(State state, int i, Process worker, Process after) {
        boolean watched = variant != Variant.NO_WATCH && variant != Variant.TRIM_VOTES_DIRECTLY;
        if (watched && worker.touched) {
            visit(state.with(i, worker.again()));
        } else if (variant == Variant.TRIM_VOTES_DIRECTLY) {
            int removed = Math.min(state.removed + worker.to - worker.from, state.appended);
            visit(state.lists(removed, removed).with(i, after));
        } else {
            int removed = Math.min(state.removed + worker.to - worker.from, state.taken);
            visit(state.lists(state.taken, removed).with(i, after));
        }
    }
}
