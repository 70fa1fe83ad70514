package lab.jvm;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import lab.load.Bed;
import lab.stack.Stack;

/// The built-in sets of variants: `./build.sh jvm gc` and so on. Here, and nowhere else, a set is made: another variant
/// is one more line in its set, and another set is a name in [#NAMES] and a case that lists its variants, the base
/// first. The helps of `build.sh` and of `./build.sh jvm` name the sets too. What flags cannot do, the [Agent] may:
/// see [#agent]. An archive that must be made beforehand is made by [Workload#train].
final class Sets {
    static final List<String> NAMES = List.of("gc", "heap", "headers", "threads", "start", "aot", "batch");

    /// What compose gives each service.
    private static final String COMPOSE = String.join(" ", Bed.FLAGS);

    /// Twice what [#stimulus] keeps alive.
    private static final String ROOM = "-Xmx128m ";

    private Sets() {}

    /// What the agent does in all variants of a set, unless `--stimulus` says otherwise. A voting page keeps next to
    /// nothing in its heap, which tells collectors apart but little.
    static String stimulus(String set) {
        return switch (set) {
            case "gc", "headers" -> "live=60,burst=10";
            case "heap" -> "live=16,burst=5";
            default -> "none";
        };
    }

    /// The variants of a plan, with the base once more after the base; those that need an archive have it made now.
    static List<Variant> of(Plan plan, Workload workload) throws Exception {
        List<Variant> all = new ArrayList<>(plan.set == null ? plan.variants : set(plan.set, workload));
        if (plan.saved != null) {
            all.addFirst(plan.saved.variant());
        }
        all.replaceAll(each -> each.launchedBy(plan.java()));
        all.add(1, all.getFirst().again());
        if (!plan.stimulus.equals("none")) {
            all.replaceAll(each -> each.with(agent(plan.stimulus)));
        }
        return all;
    }

    /// The flag that has the [Agent] do this.
    static String agent(String options) {
        return "-javaagent:" + Stack.root().resolve("lab/target/lab.jar") + "=" + options;
    }

    private static List<Variant> set(String name, Workload workload) throws Exception {
        var base = Variant.of("base=" + COMPOSE);
        String cached = COMPOSE + " -XX:AOTCache=";
        String aot = "-XX:AOTCacheOutput=";
        String cds = "-XX:ArchiveClassesAtExit=";
        return switch (name) {
            case "gc" ->
                Stream.of("SerialGC", "ParallelGC", "G1GC", "ZGC", "ShenandoahGC")
                        .map(gc -> Variant.of(gc + "=" + ROOM + "-XX:+Use" + gc))
                        .toList();
            case "heap" ->
                Stream.of("64m", "48m", "96m", "128m", "256m", "1g")
                        .map(size -> Variant.of(size + "=-XX:+UseSerialGC -Xmx" + size))
                        .toList();
            case "headers" ->
                List.of(
                        Variant.of("base=" + ROOM + "-XX:+UseSerialGC"),
                        Variant.of("compact=" + ROOM + "-XX:+UseSerialGC -XX:+UseCompactObjectHeaders"));
            case "threads" -> // all by way of the agent, so that its own cost is in all of them
                List.of(
                        base.with(agent("threads=virtual")),
                        Variant.of("pool of 4=" + COMPOSE).with(agent("threads=4")),
                        Variant.of("pool of 64=" + COMPOSE).with(agent("threads=64")),
                        Variant.of("server's default=" + COMPOSE).with(agent("threads=default")));
            case "start" ->
                List.of(
                        base,
                        Variant.of("none=" + COMPOSE + " -Xshare:off"),
                        Variant.of(
                                "cds=" + COMPOSE + " -XX:SharedArchiveFile=" + workload.train(cds, "service.jsa", 1)),
                        Variant.of("aot=" + cached + workload.train(aot, "service.aot", 1)),
                        Variant.of("c1=" + COMPOSE + " -XX:TieredStopAtLevel=1"));
            case "aot" ->
                List.of(
                        base,
                        Variant.of("untrained=" + cached + workload.train(aot, "untrained.aot", 0)),
                        Variant.of("trained=" + cached + workload.train(aot, "trained.aot", 10)));
            case "batch" ->
                Stream.of("Serial", "G1")
                        .flatMap(gc -> Stream.of(5_000, 500, 50_000)
                                .map(votes -> Variant.of(gc + " " + votes + "=-Xmx64m -XX:+Use" + gc + "GC")
                                        .with(agent("batch=" + votes))))
                        .toList();
            default -> throw new IllegalArgumentException(name);
        };
    }
}
