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
    static final int FEWEST_FORKS = 3;
    static final int FULL_FORKS = 7;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Parameters(index = "0", arity = "0..1", paramLabel = "SET")
    String set;

    @Option(names = "--variant", paramLabel = "NAME=FLAGS")
    private List<String> asked = List.of();

    @Option(names = "--java", paramLabel = "HOME")
    private Path home;

    @Option(names = "--service", paramLabel = "SERVICE", defaultValue = "vote")
    String service;

    @Option(names = "--rate", paramLabel = "N", defaultValue = "2000")
    int rate;

    @Option(names = "--seconds", paramLabel = "N")
    Integer seconds;

    @Option(names = "--forks", paramLabel = "N")
    Integer forks;

    @Option(names = "--quick")
    private boolean quick;

    @Option(names = "--stimulus", paramLabel = "WHAT")
    String stimulus;

    @Option(names = "--seed", paramLabel = "N", defaultValue = "1")
    long seed;

    @Option(names = "--save", paramLabel = "NAME")
    String save;

    @Option(names = "--against", paramLabel = "NAME")
    private String against;

    @Option(names = "--fail-on", paramLabel = "MEASURE", split = ",")
    List<String> failOn = List.of();

    @Option(names = "--force")
    boolean forced;

    List<Variant> variants; // the user's own
    Saved saved; // the run that this one is compared with, or null

    /// Completes what was said with what was not.
    Plan checked() {
        seconds = seconds != null ? seconds : quick ? 2 : 10;
        forks = forks != null ? forks : quick ? 4 : FULL_FORKS;
        mustBe(1, 100_000, "--rate", rate);
        mustBe(1, 3600, "--seconds", seconds);
        mustBe(FEWEST_FORKS, 1000, "--forks", forks);
        mustBeAmong(Sets.NAMES, "The set", set == null ? List.of() : List.of(set));
        mustBeAmong(List.of(Comparison.KEYS.split(", ")), "--fail-on", failOn);
        must(set == null || asked.isEmpty(), "--variant", "is for variants of your own, beside which there is no set");
        mustBeAmong(List.of("vote", "worker", "result"), "--service", List.of(service));
        boolean ofWorker = "batch".equals(set);
        boolean fits = set == null
                || service.equals("worker") == ofWorker
                || !List.of("batch", "threads").contains(set);
        must(fits, "The set " + set, ofWorker ? "is about the worker: say --service worker" : "is about a page");
        boolean named = save == null || save.matches("[A-Za-z0-9][A-Za-z0-9_-]*");
        must(named, "--save", "takes a name of letters, digits and dashes, not " + save);
        must(save == null || against == null, "--save", "is for a run without --against");
        if (against != null) {
            saved = Saved.read(against);
            String about = saved.base("service");
            must(service.equals(about), "--against", "needs --service " + about + ": it is about that");
        }
        set = set == null && asked.isEmpty() && saved == null ? "gc" : set;
        String usual = saved != null ? saved.base("stimulus") : set == null ? "none" : Sets.stimulus(set);
        stimulus = stimulus == null ? usual : stimulus;
        boolean known = stimulus.matches("none|((live|burst|gc)=[1-9][0-9]{0,4}(,|$))+");
        must(known, "--stimulus", "takes live=MB,burst=MB,gc=SECONDS, any of these, or none, not " + stimulus);
        java(); // or refuses
        variants = own(asked.stream().map(Variant::of).toList());
        String only = "needs a base without an archive, which would not fit the copy of the service that runs again";
        must(save == null || variants.isEmpty() || !variants.getFirst().hasArchive(), "--save", only);
        must(saved == null || !saved.variant().hasArchive(), "--against", only);
        return this;
    }

    private static void mustBeAmong(List<String> allowed, String option, List<String> said) {
        String names = String.join(", ", allowed);
        must(allowed.containsAll(said), option, "is one of %s, not %s".formatted(names, String.join(",", said)));
    }

    private static void mustBe(int least, int most, String option, int value) {
        String numbers = "takes a whole number from %,d to %,d, not %,d";
        must(least <= value && value <= most, option, numbers.formatted(least, most, value));
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
            ordered.add(Variant.of("now=" + saved.base("variant")));
        }
        if (variants.size() == 1 && saved == null && !variants.getFirst().name().equals(Variant.BASE)) {
            ordered.addFirst(Variant.of(Variant.BASE + "="));
        }
        List<Variant> all = new ArrayList<>(ordered);
        all.addAll(ordered.stream().limit(1).map(Variant::again).toList());
        boolean distinct = all.stream().map(Variant::fileName).distinct().count() == all.size();
        must(distinct, "--variant", "has a name twice, as far as letters and digits tell");
        boolean compares = set != null || saved != null || ordered.size() > 1;
        must(compares || failOn.isEmpty(), "--fail-on", "needs a variant beside the base");
        return ordered;
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
                        .formatted(service, warmupSeconds(), seconds, rate, saturationSeconds(), forks, seed)
                + (stimulus.equals("none") ? "" : "; stimulus " + stimulus);
    }
}
