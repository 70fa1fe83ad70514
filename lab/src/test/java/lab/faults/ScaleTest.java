package lab.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import lab.faults.Voter.Outcome;
import lab.load.Usage;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;

/// Many votes and no faults. `-Dvoters=1000 -Dbacklog=1000000` are the sizes that the README tells of.
class ScaleTest {
    private static final int VOTERS = Integer.getInteger("voters", 200);
    private static final int BACKLOG = Integer.getInteger("backlog", 200_000);

    @Test
    void withThreeWorkersEveryVotersLastOfAHundredVotesIsStored() throws Exception {
        try (var rig = new Rig(3, false).start();
                var crowd = new Crowd(rig.pages, 1);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Void>> changes = new ArrayList<>();
            for (int i = 0; i < VOTERS; i++) {
                var random = new Random(i);
                changes.add(() -> {
                    Voter voter = crowd.newVoter(random);
                    for (int acknowledged = 0; acknowledged < 100; ) {
                        Outcome outcome = crowd.vote(voter, rig.pages.get(acknowledged % 2));
                        acknowledged += outcome == Outcome.ACKNOWLEDGED ? 1 : 0; // a full machine may need a second try
                    }
                    return null;
                });
            }
            for (Future<Void> each : threads.invokeAll(changes)) {
                each.get();
            }
            rig.stack.awaitEmptyQueue();
            Map<String, String> expected = new HashMap<>();
            crowd.voters.forEach(
                    (id, voter) -> expected.put(id, voter.attempts().getLast().vote()));
            assertEquals(expected, rig.table());
        }
    }

    @Test
    void aBacklogIsDrainedByASmallWorker() throws Exception {
        try (var rig = new Rig(1, false).start()) {
            var worker = rig.workers.getFirst();
            worker.stop();
            rig.stack.postgres.execute("DROP TRIGGER observe ON votes");
            try (Jedis redis = rig.stack.redis.connect()) {
                for (int i = 0; i < BACKLOG; i += 1000) {
                    String[] messages = new String[1000];
                    for (int j = 0; j < 1000; j++) {
                        messages[j] = "{\"voter_id\":\"%032x\",\"vote\":\"%c\"}".formatted(i + j, 'a' + j % 26);
                    }
                    redis.rpush("votes", messages);
                }
            }
            long start = System.nanoTime();
            worker.start();
            rig.stack.awaitEmptyQueue();
            System.out.printf(
                    "%,d votes drained in %.1f s, JVM start included; peak RSS %.0f MB%n",
                    BACKLOG,
                    (System.nanoTime() - start) / 1e9,
                    Usage.of(worker.process()).peakMegabytes());
            assertEquals("" + BACKLOG, rig.stack.postgres.value("SELECT sum(count) FROM tally"));
            assertEquals("" + BACKLOG, rig.stack.postgres.value("SELECT stored FROM queue"));
        }
    }
}
