package lab.faults;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.ToLongFunction;
import lab.faults.FaultRun.Recovery;
import lab.faults.Voter.Outcome;

/// `./build.sh faults`: tries to make the system lose, double or reorder a vote.
public final class Faults {
    private static final int BAD_ARGUMENT = 2;
    private static final int PEOPLE = 300;
    private static final String USAGE = """
            faults takes --seconds N (1 or more; 60 unless given), --seed S (to repeat a run), --only PART,PART… of vote,
            worker, result, redis, postgresql, network, queue, and --cluster (stores as on several machines)""";

    private Faults() {}

    /// Returns the exit code: 1 if a promise was broken.
    public static int run(List<String> arguments) throws Exception {
        int seconds = 60;
        long seed = new Random().nextInt(1_000_000);
        boolean cluster = arguments.contains("--cluster");
        List<String> rest = new ArrayList<>(arguments);
        rest.remove("--cluster");
        List<Fault> faults = Fault.possible(cluster);
        try {
            for (int i = 0; i < rest.size(); i += 2) {
                String value = rest.get(i + 1);
                switch (rest.get(i)) {
                    case "--seconds" -> seconds = Integer.parseInt(value);
                    case "--seed" -> seed = Long.parseLong(value);
                    case "--only" -> faults = only(faults, value);
                    default -> throw new IllegalArgumentException();
                }
            }
            if (seconds < 1) {
                throw new IllegalArgumentException();
            }
        } catch (IllegalArgumentException | IndexOutOfBoundsException _) {
            System.err.println(USAGE);
            return BAD_ARGUMENT;
        }
        return run(cluster, seconds, seed, faults);
    }

    private static List<Fault> only(List<Fault> faults, String parts) {
        List<String> wanted = List.of(parts.split(","));
        if (!faults.stream().map(fault -> fault.part).toList().containsAll(wanted)) {
            throw new IllegalArgumentException();
        }
        return faults.stream().filter(fault -> wanted.contains(fault.part)).toList();
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
