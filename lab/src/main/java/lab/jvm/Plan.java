package lab.jvm;

import common.SettingException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import lab.stack.Java;
import lab.stack.Stack;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// What is asked for on the command line.
public final class Plan {
    private static final int FEWEST_FORKS = 3;
    private static final String STIMULI = "(live|burst|gc)=[1-9][0-9]{0,4}";

    enum Service {
        vote,
        worker,
        result
    }

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Parameters(
            arity = "0..1",
            paramLabel = "SET",
            description = "a built-in set: gc (if nothing is said), heap, headers, threads, start, aot, batch, server")
    String set;

    @Option(
            names = "--variant",
            paramLabel = "NAME=FLAGS",
            description =
                    "one of your own, as in \"zgc=-XX:+UseZGC -Xmx256m\", \"base=\" for none, \"other=@JDK_HOME\" or"
                            + " \"half=cpus:0.5 memory:128m\"; the first, or the one called base, is what the others are compared with")
    private List<String> asked = List.of();

    /// As they are asked for; [Sets] makes those of a set.
    List<Variant> variants;

    @Option(
            names = "--java",
            paramLabel = "HOME",
            description = "another JDK, 25 or later, for all variants without @HOME")
    private Path home;

    @Option(
            names = "--service",
            paramLabel = "SERVICE",
            defaultValue = "vote",
            description = "${COMPLETION-CANDIDATES} (vote)")
    private Service of;

    @Option(names = "--rate", paramLabel = "N", defaultValue = "2000", description = "requests a second (2000)")
    int rate;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            description = "at that rate (10); half as long before, to warm up, and after, at saturation")
    Integer seconds;

    @Option(names = "--forks", paramLabel = "N", description = "fresh processes of each variant, 3 or more (7)")
    Integer forks;

    @Option(names = "--quick", description = "4 forks of 2 seconds: two to four minutes")
    private boolean quick;

    @Option(
            names = "--stimulus",
            paramLabel = "WHAT",
            description = "what an agent does in each: live=MB,burst=MB,gc=SECONDS or none (unless a set has its own)")
    String stimulus;

    @Option(
            names = "--slow-database",
            paramLabel = "MILLISECONDS",
            description = "how much later than it came everything from PostgreSQL arrives")
    int slowDatabaseMillis;

    @Option(names = "--seed", paramLabel = "N", defaultValue = "1", description = "of the order of forks (1)")
    long seed;

    @Option(
            names = "--save",
            paramLabel = "NAME",
            description = "keep this run, and the service as it is built now, for --against")
    String save;

    @Option(
            names = "--against",
            paramLabel = "NAME",
            description =
                    "compare with what was saved, or with the run of a report.json: its service and its base run again"
                            + " in turns with yours, as the base")
    private String against;

    @Option(
            names = "--fail-on",
            paramLabel = "MEASURE",
            split = ",",
            description = "end with 1 if one of these is worse beyond noise, with 3 if that cannot be told: "
                    + Comparison.KEYS)
    List<String> failOn = List.of();

    /// The run that this one is compared with, or null.
    Saved saved;

    @Option(names = "--force", description = "on a busy machine too")
    boolean forced;

    /// Completes what was said with what was not.
    Plan checked() {
        seconds = seconds != null ? seconds : quick ? 2 : 10;
        forks = forks != null ? forks : quick ? 4 : 7;
        atLeast(1, "--rate", rate);
        atLeast(1, "--seconds", seconds);
        atLeast(FEWEST_FORKS, "--forks", forks);
        atLeast(0, "--slow-database", slowDatabaseMillis);
        must(
                set == null || Sets.NAMES.contains(set),
                "The set",
                "is one of " + String.join(", ", Sets.NAMES) + ", not " + set);
        must(set == null || asked.isEmpty(), "--variant", "is for variants of your own, beside which there is no set");
        must(
                slowDatabaseMillis == 0 || of != Service.vote,
                "--slow-database",
                "is for worker and result: vote uses no database");
        if (against != null) {
            saved = Saved.read(against);
            must(
                    saved.service().equals(service()),
                    "--against",
                    "is for " + saved.service() + " here: say --service " + saved.service());
        }
        set = set == null && asked.isEmpty() && saved == null ? "gc" : set;
        stimulus = stimulus != null
                ? stimulus
                : saved != null ? saved.stimulus() : set == null ? "none" : Sets.stimulus(set);
        must(
                stimulus.matches("none|%s(,%<s)*".formatted(STIMULI)),
                "--stimulus",
                "takes none, or any of live=MB,burst=MB,gc=SECONDS with whole numbers, not " + stimulus);
        List<String> keys = List.of(Comparison.KEYS.split(", "));
        must(
                keys.containsAll(failOn),
                "--fail-on",
                "takes any of " + Comparison.KEYS + ", not " + String.join(",", failOn));
        must(
                save == null || save.matches("[A-Za-z0-9][A-Za-z0-9._-]*") && !save.endsWith(".json"),
                "--save",
                "takes a name of letters, digits, dots and dashes, not " + save);
        must(save == null || against == null, "--save", "is for a run without --against");
        java(); // or refuses
        variants = own(asked.stream().map(Variant::parse).toList());
        return this;
    }

    private static void atLeast(int least, String option, int value) {
        must(value >= least, option, "takes a whole number, " + least + " or more, not " + value);
    }

    private static void must(boolean right, String option, String problem) {
        if (!right) {
            throw new SettingException(option, problem);
        }
    }

    /// The base comes first: the one that is called so, or the first, or if there is only one, a JVM without flags.
    private List<Variant> own(List<Variant> variants) {
        List<Variant> ordered = new ArrayList<>(variants);
        ordered.sort(Comparator.comparing(variant -> !variant.name().equals(Variant.BASE)));
        if (variants.isEmpty() && saved != null) {
            ordered.add(saved.now());
        }
        if (variants.size() == 1 && saved == null && !variants.getFirst().name().equals(Variant.BASE)) {
            ordered.addFirst(Variant.of(Variant.BASE, ""));
        }
        must(ordered.stream().map(Variant::name).distinct().count() == ordered.size(), "--variant", "has a name twice");
        return ordered;
    }

    String service() {
        return of.name();
    }

    Path java() {
        return home == null ? Java.LAUNCHER : Java.launcher(home);
    }

    /// Where a variant's service is built.
    Path checkout(Variant variant) {
        return saved != null && variant.name().startsWith(Saved.PREFIX) ? saved.folder() : Stack.root();
    }

    List<String> arguments() {
        return command.commandLine().getParseResult().originalArgs();
    }

    double warmupSeconds() {
        return Math.max(2, Math.rint(seconds / 2.0));
    }

    double saturationSeconds() {
        return Math.max(1, Math.rint(seconds / 2.0));
    }

    /// What becomes of each fork, for the reader of a report.
    String description() {
        return "%s: %.0f s warm-up, %d s at %d/s, %.0f s saturation; %d forks a variant, interleaved, seed %d"
                        .formatted(service(), warmupSeconds(), seconds, rate, saturationSeconds(), forks, seed)
                + (stimulus.equals("none") ? "" : "; stimulus " + stimulus)
                + (slowDatabaseMillis == 0 ? "" : "; the database answers " + slowDatabaseMillis + " ms late");
    }
}
