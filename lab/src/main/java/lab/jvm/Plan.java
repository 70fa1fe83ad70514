package lab.jvm;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;

/// What is asked for on the command line.
///
/// @param set a built-in set, or null
/// @param variants of the user's own; a plain base is added if none is called that and there is only one
/// @param stimulus options of the [Agent] for all variants, or nothing
/// @param slowDatabaseMillis how much later than it came everything from PostgreSQL arrives
record Plan(
        String set,
        List<Variant> variants,
        String service,
        int rate,
        double seconds,
        int forks,
        String stimulus,
        int slowDatabaseMillis,
        long seed,
        boolean forced) {
    private static final List<String> SERVICES = List.of("vote", "worker", "result");
    private static final int FEWEST_FORKS = 3;

    static Plan of(List<String> arguments) {
        boolean quick = arguments.contains("--quick");
        String set = null;
        List<Variant> variants = new ArrayList<>();
        String service = "vote";
        int rate = 2000;
        double seconds = quick ? 2 : 10;
        int forks = quick ? 4 : 7;
        String stimulus = null;
        int slowDatabaseMillis = 0;
        long seed = 1;
        boolean forced = false;
        Deque<String> rest = new ArrayDeque<>(arguments);
        while (!rest.isEmpty()) {
            String option = rest.pop();
            switch (option) {
                case "--quick" -> {}
                case "--force" -> forced = true;
                case "--variant" -> variants.add(Variant.parse(value(option, rest)));
                case "--service" -> service = oneOf(SERVICES, option, value(option, rest));
                case "--rate" -> rate = number(option, rest, 1);
                case "--seconds" -> seconds = number(option, rest, 1);
                case "--forks" -> forks = number(option, rest, FEWEST_FORKS);
                case "--stimulus" -> stimulus = value(option, rest);
                case "--slow-database" -> slowDatabaseMillis = number(option, rest, 1);
                case "--seed" -> seed = number(option, rest, 0);
                default -> set = oneOf(Sets.NAMES, "The set", option);
            }
        }
        if (set != null && !variants.isEmpty()) {
            throw new IllegalArgumentException("Either a set or variants of your own, not both.");
        }
        if (slowDatabaseMillis > 0 && service.equals("vote")) {
            throw new IllegalArgumentException("vote uses no database: --slow-database is for worker and result.");
        }
        set = set == null && variants.isEmpty() ? "gc" : set;
        if (stimulus == null) {
            stimulus = set == null ? "" : Sets.stimulus(set);
        } else if (stimulus.equals("none")) {
            stimulus = "";
        }
        return new Plan(set, own(variants), service, rate, seconds, forks, stimulus, slowDatabaseMillis, seed, forced);
    }

    double warmupSeconds() {
        return Math.max(2, Math.rint(seconds / 2));
    }

    double saturationSeconds() {
        return Math.max(1, Math.rint(seconds / 2));
    }

    /// What becomes of each fork, for the reader of a report.
    String description() {
        return "%s: %.0f s warm-up, %.0f s at %d/s, %.0f s saturation; %d forks a variant, interleaved, seed %d"
                        .formatted(service, warmupSeconds(), seconds, rate, saturationSeconds(), forks, seed)
                + (stimulus.isEmpty() ? "" : "; stimulus " + stimulus)
                + (slowDatabaseMillis == 0 ? "" : "; the database answers " + slowDatabaseMillis + " ms late");
    }

    /// The base comes first: the one that is called so, or the first, or if there is only one, a JVM without flags.
    private static List<Variant> own(List<Variant> variants) {
        List<Variant> ordered = new ArrayList<>(variants);
        ordered.sort(Comparator.comparing(variant -> !variant.name().equals(Variant.BASE)));
        if (variants.size() == 1 && !variants.getFirst().name().equals(Variant.BASE)) {
            ordered.addFirst(Variant.of(Variant.BASE, ""));
        }
        if (ordered.stream().map(Variant::name).distinct().count() < ordered.size()) {
            throw new IllegalArgumentException("Two variants have the same name.");
        }
        return ordered;
    }

    private static String value(String option, Deque<String> rest) {
        if (rest.isEmpty()) {
            throw new IllegalArgumentException(option + " needs a value.");
        }
        return rest.pop();
    }

    private static int number(String option, Deque<String> rest, int least) {
        String value = value(option, rest);
        if (!value.matches("[0-9]{1,8}") || Integer.parseInt(value) < least) {
            throw new IllegalArgumentException(option + " takes a whole number, " + least + " or more, not: " + value);
        }
        return Integer.parseInt(value);
    }

    private static String oneOf(List<String> allowed, String option, String value) {
        if (!allowed.contains(value)) {
            throw new IllegalArgumentException(option + " is one of " + String.join(", ", allowed) + ", not: " + value);
        }
        return value;
    }
}
