package worker;

import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import worker.World.Process;
import worker.World.Variant;

/// The worker keeps its promises in every state it can reach, and each part of its protocol is needed. It is the real
/// [Worker#moveBatch] that goes from state to state, one call at a time (see [Turn]). Between any two calls others may
/// go on, it may die, its session may end unnoticed, or Redis may not answer and run the script later all the same.
class ProtocolTest {
    private final Set<List<Object>> seen = new HashSet<>();
    private final Set<String> finished = new HashSet<>();

    @ParameterizedTest
    @CsvSource({"2, 5, 30000", "3, 4, 110000"})
    void noVoteIsLostAndNoneStepsBack(int workers, int messages, int states) {
        assertNull(explore(Variant.RIGHT, workers, messages));
        assertTrue(seen.size() > states, () -> seen.size() + " states");
    }

    @Test
    void norWithMoreOfThemAtRandom() {
        long seed = Long.getLong("seed", System.nanoTime());
        var random = new Random(seed);
        for (int walk = 0; walk < 100; walk++) {
            var world = new World(Variant.RIGHT, 4);
            for (int step = 0; step < 400; step++) {
                var moves = moves(world, 20);
                world = world.after(moves.get((int) (moves.size() * Math.pow(random.nextDouble(), 3))));
                assertNull(broken(world), "-Dseed=" + seed);
                seen.add(world.state());
            }
        }
        assertTrue(seen.size() > 10_000, () -> seen.size() + " states");
    }

    @ParameterizedTest
    @CsvSource({"1, 5", "2, 3"})
    void aResetForgetsWhatWasBeforeItAndNothingElse(int workers, int messages) {
        assertNull(explore(Variant.RESET, workers, messages));
    }

    @ParameterizedTest
    @EnumSource(
            mode = Mode.EXCLUDE,
            names = {"RIGHT", "RESET"})
    void withoutAnyPartOfItAPromiseIsBroken(Variant variant) {
        for (int workers = 2; workers <= 3; workers++) {
            String broken = explore(variant, workers, 4);
            assertTrue(broken != null && broken.startsWith(variant.breaks), broken);
        }
    }

    /// Goes to every state, or to the first that breaks a promise.
    private String explore(Variant variant, int workers, int messages) {
        seen.clear();
        finished.clear();
        var open = new ArrayDeque<>(List.of(new World(variant, workers)));
        while (!open.isEmpty() && seen.size() < 200_000) {
            World world = open.remove();
            for (var move : moves(world, messages)) {
                World after = world.after(move);
                String broken = broken(after);
                if (broken != null) {
                    return broken;
                }
                if (seen.add(after.state())) {
                    open.add(after);
                }
            }
        }
        return open.isEmpty() ? null : "there is no end";
    }

    /// All that can happen next; what usually does comes first.
    private static List<Consumer<World>> moves(World world, int messages) {
        List<Consumer<World>> moves = new ArrayList<>();
        List<Consumer<World>> faults = new ArrayList<>();
        for (int i = 0; i < world.workers.size(); i++) {
            int index = i;
            moves.add(now -> new Turn(now, index, true).take());
            Process worker = world.workers.get(i);
            if (worker.asksRedis()) {
                faults.add(now -> new Turn(now, index, false).take());
            }
            faults.add(now -> now.workers.set(index, Process.FRESH)); // it dies, and another one starts
            if (worker.locked()) {
                faults.add(now -> now.endSession(index));
            }
        }
        if (world.acknowledged < messages) {
            moves.add(World::vote);
        }
        if (world.canReset()) {
            moves.add(World::reset);
        }
        if (!world.late.isEmpty()) {
            moves.add(World::arrive);
        }
        moves.addAll(faults);
        return moves;
    }

    /// The promise that is broken here, or would be if one worker went on alone; or null.
    private String broken(World world) {
        String broken = world.broken();
        if (broken != null || !finished.add(world.stores())) {
            return broken;
        }
        World now = world.after(alone -> {
            while (alone.isResetting()) {
                alone.reset();
            }
            alone.workers.clear();
            alone.workers.add(Process.FRESH);
        });
        for (int step = 0; step < 6 * (world.acknowledged + 1) && broken == null; step++) {
            now = now.after(alone -> new Turn(alone, 0, true).take());
            broken = now.broken();
        }
        return broken != null || now.isDone() ? broken : "not all is stored, or not once" + now;
    }
}
