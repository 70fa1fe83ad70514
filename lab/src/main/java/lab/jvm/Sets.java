package lab.jvm;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import lab.load.Bed;
import lab.stack.Stack;

/// The built-in sets of variants: `./build.sh jvm gc` and so on. Here, and nowhere else, a set is made:
///
/// - another variant is one more line in its set's method;
/// - another set is a method that returns its variants, the base first, and a line for it in [#ALL]. The help of
///   `build.sh` names the sets too.
///
/// A variant is a name and flags. What flags cannot do, the [Agent] may: see [#agent]. What must be made beforehand
/// from the built service, [Archives] makes.
final class Sets {
    /// A voting page keeps next to nothing in its heap, which tells collectors apart but little.
    private static final String LIVE_SET = "live=60,burst=10";

    /// Twice what that keeps alive.
    private static final String ROOM_FOR_IT = " -Xmx128m";

    private static final List<Recipe> ALL = List.of(
            new Recipe("gc", LIVE_SET, _ -> gc()),
            new Recipe("heap", "", _ -> heap()),
            new Recipe("headers", LIVE_SET, _ -> headers()),
            new Recipe("threads", "", _ -> threads()),
            new Recipe("start", "", Sets::start),
            new Recipe("server", "", _ -> server()));

    private static final Path AGENT = Stack.root().resolve("lab/target/lab.jar");
    private static final Path ROBAHO = Stack.root().resolve("lab/target/server/robaho.jar");

    /// What compose gives each service.
    private static final String COMPOSE = String.join(" ", Bed.FLAGS);

    /// @param stimulus what the agent does in all variants, unless `--stimulus` says otherwise
    private record Recipe(String name, String stimulus, Variants variants) {}

    private interface Variants {
        List<Variant> make(Archives archives) throws Exception;
    }

    private Sets() {}

    static List<String> names() {
        return ALL.stream().map(Recipe::name).toList();
    }

    static String stimulus(String set) {
        return recipe(set).stimulus;
    }

    private static Recipe recipe(String set) {
        return ALL.stream()
                .filter(recipe -> recipe.name.equals(set))
                .findFirst()
                .orElseThrow();
    }

    /// The variants of a plan, with the base once more after the base; those that need an archive or an image have it
    /// made now.
    static List<Variant> of(Plan plan, Archives archives) throws Exception {
        List<Variant> all = new ArrayList<>(
                plan.set() == null
                        ? plan.variants()
                        : recipe(plan.set()).variants.make(archives));
        all.add(1, all.getFirst().again());
        if (!plan.stimulus().isEmpty()) {
            all.replaceAll(each -> each.with(agent(plan.stimulus())));
        }
        return all;
    }

    /// The flag that has the [Agent] do this.
    private static String agent(String options) {
        return "-javaagent:" + AGENT + "=" + options;
    }

    private static List<Variant> gc() {
        return List.of(
                Variant.of(Variant.BASE, "-XX:+UseSerialGC" + ROOM_FOR_IT),
                Variant.of("parallel", "-XX:+UseParallelGC" + ROOM_FOR_IT),
                Variant.of("g1", "-XX:+UseG1GC" + ROOM_FOR_IT),
                Variant.of("zgc", "-XX:+UseZGC" + ROOM_FOR_IT),
                Variant.of("shenandoah", "-XX:+UseShenandoahGC" + ROOM_FOR_IT));
    }

    private static List<Variant> heap() {
        return List.of(
                Variant.of(Variant.BASE, COMPOSE),
                Variant.of("24m", "-XX:+UseSerialGC -Xmx24m"),
                Variant.of("48m", "-XX:+UseSerialGC -Xmx48m"),
                Variant.of("256m", "-XX:+UseSerialGC -Xmx256m"),
                Variant.of("1g", "-XX:+UseSerialGC -Xmx1g"));
    }

    private static List<Variant> headers() {
        String flags = "-XX:+UseSerialGC" + ROOM_FOR_IT;
        return List.of(Variant.of(Variant.BASE, flags), Variant.of("compact", flags + " -XX:+UseCompactObjectHeaders"));
    }

    /// All by way of the agent, so that its own cost is in all of them.
    private static List<Variant> threads() {
        return List.of(
                Variant.of(Variant.BASE, COMPOSE).with(agent("threads=virtual")),
                Variant.of("pool of 4", COMPOSE).with(agent("threads=4")),
                Variant.of("pool of 64", COMPOSE).with(agent("threads=64")),
                Variant.of("server's default", COMPOSE).with(agent("threads=default")));
    }

    private static List<Variant> start(Archives archives) throws Exception {
        return List.of(
                Variant.of(Variant.BASE, COMPOSE),
                Variant.of("none", COMPOSE + " -Xshare:off"),
                Variant.of("cds", COMPOSE + " -XX:SharedArchiveFile=" + archives.cds(Bed.FLAGS)),
                Variant.of("aot", COMPOSE + " -XX:AOTCache=" + archives.aot(Bed.FLAGS)),
                Variant.of("c1", COMPOSE + " -XX:TieredStopAtLevel=1"),
                new Variant("jlink", archives.image(), Bed.FLAGS));
    }

    private static List<Variant> server() {
        String robaho = agent("server=" + ROBAHO);
        return List.of(
                Variant.of(Variant.BASE, COMPOSE),
                Variant.of("nodelay off", COMPOSE + " -Dsun.net.httpserver.nodelay=false"),
                Variant.of("robaho", COMPOSE + " -Drobaho.net.httpserver.nodelay=true")
                        .with(robaho),
                Variant.of("robaho, nodelay off", COMPOSE + " -Drobaho.net.httpserver.nodelay=false")
                        .with(robaho));
    }
}
