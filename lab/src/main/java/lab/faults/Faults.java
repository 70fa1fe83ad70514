package lab.faults;

import common.SettingException;
import java.util.List;
import java.util.Random;
import java.util.function.ToLongFunction;
import lab.faults.FaultRun.Recovery;
import lab.faults.Voter.Outcome;

/// `./build.sh faults`: tries to make the system lose, double or reorder a vote.
public final class Faults {
    public static final String PARTS = "vote, worker, result, redis, postgresql, network, queue";
    private static final int PEOPLE = 300;

    private Faults() {}

    /// Returns the exit code: 1 if a promise was broken.
    ///
    /// @param seed of an earlier run, or null
    /// @param only the parts that are struck, or null: all
    public static int run(int seconds, Long seed, List<String> only, boolean cluster) throws Exception {
        if (seconds < 1) {
            throw new SettingException("--seconds", "takes a whole number, 1 or more, not " + seconds);
        }
        List<String> parts = List.of(PARTS.split(", "));
        if (only != null && !parts.containsAll(only)) {
            throw new SettingException("--only", "takes any of " + PARTS + ", not " + String.join(",", only));
        }
        List<Fault> faults = Fault.possible(cluster).stream()
                .filter(fault -> only == null || only.contains(fault.part))
                .toList();
        return run(cluster, seconds, seed == null ? new Random().nextInt(1_000_000) : seed, faults);
    }

    private static int run(boolean cluster, int seconds, long seed, List<Fault> faults) throws Exception {
        System.out.printf(
                "%d s of faults with seed %d: 2 vote, 2 workers, 1 result, %s%n",
                seconds,
                seed,
                cluster ? "3 Redis with a replica each, PostgreSQL with a standby" : "Redis, PostgreSQL");
        var rig = cluster ? Rig.cluster(2) : new Rig(2);
        Runtime.getRuntime().addShutdownHook(new Thread(rig::close, "stop"));
        try (var run = new FaultRun(rig.start(), seed)) {
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
    }

    private static void print(FaultRun run) {
        System.out.printf("%n%-11s %-17s %5s  ms until votes are taken and stored again%n", "part", "fault", "times");
        System.out.printf("%36s %9s %9s %9s %9s%n", "", "median", "worst", "median", "worst");
        run.recoveries.forEach((fault, recoveries) -> System.out.printf(
                "%-11s %-17s %5d  %9d %9d %9d %9d%n",
                fault.part,
                fault.kind,
                recoveries.size(),
                quantile(recoveries, Recovery::taken, 0.5),
                quantile(recoveries, Recovery::taken, 1),
                quantile(recoveries, Recovery::stored, 0.5),
                quantile(recoveries, Recovery::stored, 1)));
        Crowd crowd = run.crowd;
        System.out.printf("%nfaults       %,9d%nvoters       %,9d%n", run.faults(), crowd.voters.size());
        for (Outcome outcome : Outcome.values()) {
            System.out.printf("%-12s %,9d%n", outcome.name().toLowerCase(), crowd.count(outcome));
        }
        System.out.printf("late         %,9d%n%n", run.judge.late());
    }

    private static long quantile(List<Recovery> recoveries, ToLongFunction<Recovery> value, double quantile) {
        long[] sorted = recoveries.stream().mapToLong(value).sorted().toArray();
        return sorted[(int) (quantile * (sorted.length - 1))];
    }
}
