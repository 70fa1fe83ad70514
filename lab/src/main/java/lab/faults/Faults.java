package lab.faults;

import common.SettingException;
import java.util.List;
import java.util.Random;
import java.util.function.ToLongFunction;
import lab.faults.FaultRun.Recovery;
import lab.faults.Voter.Outcome;

/// `./build.sh faults`: tries to make the system lose, double or reorder a vote.
public final class Faults {
    private static final String PARTS = "vote, worker, result, redis, postgresql, network, queue";
    private static final int PEOPLE = 300;

    private Faults() {}

    /// Returns the exit code: 1 if a promise was broken.
    ///
    /// @param earlier the seed of an earlier run, or null
    /// @param only the parts that are struck, or null: all
    public static int run(int seconds, Long earlier, List<String> only, boolean cluster) throws Exception {
        if (seconds < 1) {
            throw new SettingException("--seconds", "takes a whole number, 1 or more, not " + seconds);
        }
        List<String> parts = only == null ? List.of(PARTS.split(", ")) : only;
        if (!List.of(PARTS.split(", ")).containsAll(parts)) {
            throw new SettingException("--only", "takes any of " + PARTS + ", not " + String.join(",", parts));
        }
        List<Fault> faults = Fault.possible(cluster).stream()
                .filter(fault -> parts.contains(fault.part))
                .toList();
        if (faults.isEmpty()) {
            throw new SettingException("--only", "leaves nothing to strike here: " + String.join(",", parts));
        }
        long seed = earlier == null ? new Random().nextInt(1_000_000) : earlier;
        String stores = cluster ? "3 Redis with a replica each, PostgreSQL with a standby" : "Redis, PostgreSQL";
        System.out.printf("%d s of faults with seed %d: 2 vote, 2 workers, 1 result, %s%n", seconds, seed, stores);
        var rig = new Rig(2, cluster);
        Runtime.getRuntime().addShutdownHook(new Thread(rig::close, "stop"));
        var run = new FaultRun(rig.start(), seed);
        run.run(PEOPLE, seconds, faults);
        print(run);
        List<String> offences = run.judge.offences;
        if (offences.isEmpty()) {
            System.out.println("Every promise was kept.");
            return 0;
        }
        rig.stack.keep();
        offences.forEach(offence -> System.out.println("BROKEN  " + offence));
        System.out.printf("The logs are in %s, the seed was %d.%n", rig.folder, seed);
        return 1;
    }

    private static void print(FaultRun run) {
        System.out.printf("%n%-11s %-17s %5s  ms until votes are taken and stored again%n", "part", "fault", "times");
        System.out.printf("%36s %9s %9s %9s %9s%n", "", "median", "worst", "median", "worst");
        run.recoveries.forEach((fault, recoveries) -> System.out.printf(
                "%-11s %-17s %5d  %s %s%n",
                fault.part,
                fault.kind,
                recoveries.size(),
                quantiles(recoveries, Recovery::taken),
                quantiles(recoveries, Recovery::stored)));
        System.out.printf("%nfaults       %,9d%nvoters       %,9d%n", run.faults(), run.crowd.voters.size());
        for (Outcome outcome : Outcome.values()) {
            System.out.printf("%-12s %,9d%n", outcome.name().toLowerCase(), run.crowd.count(outcome));
        }
        System.out.printf("late         %,9d%n%n", run.judge.late);
    }

    private static String quantiles(List<Recovery> recoveries, ToLongFunction<Recovery> value) {
        long[] sorted = recoveries.stream().mapToLong(value).sorted().toArray();
        return "%9d %9d".formatted(sorted[(sorted.length - 1) / 2], sorted[sorted.length - 1]);
    }
}
