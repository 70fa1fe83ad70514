package lab.jvm;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import lab.bench.Bed;
import lab.stack.Stack;

/// The built-in sets of variants. The first of each is the base.
final class Sets {
    private static final Path AGENT = Stack.root().resolve("lab/target/lab.jar");
    private static final Path ROBAHO = Stack.root().resolve("lab/target/server/robaho.jar");
    private static final String COMPOSE = String.join(" ", Bed.FLAGS);

    private Sets() {}

    /// The variants of a plan; those that need an archive or an image have it made now.
    static List<Variant> of(Plan plan, Archives archives) throws Exception {
        List<Variant> variants = switch (plan.set()) {
            case null -> plan.variants();
            case "gc" -> gc();
            case "heap" -> heap();
            case "headers" -> headers();
            case "threads" -> threads();
            case "start" -> start(archives);
            case "server" -> server();
            default -> throw new IllegalArgumentException(plan.set());
        };
        List<Variant> all = new ArrayList<>(variants);
        all.add(1, all.getFirst().again());
        String stimulus = plan.stimulus();
        return stimulus.isEmpty()
                ? all
                : all.stream().map(each -> each.with(List.of(agent(stimulus)))).toList();
    }

    static String agent(String options) {
        return "-javaagent:" + AGENT + "=" + options;
    }

    private static List<Variant> gc() {
        return List.of(
                Variant.of(Variant.BASE, "-XX:+UseSerialGC -Xmx128m"),
                Variant.of("parallel", "-XX:+UseParallelGC -Xmx128m"),
                Variant.of("g1", "-XX:+UseG1GC -Xmx128m"),
                Variant.of("zgc", "-XX:+UseZGC -Xmx128m"),
                Variant.of("shenandoah", "-XX:+UseShenandoahGC -Xmx128m"));
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
        String flags = "-XX:+UseSerialGC -Xmx128m";
        return List.of(Variant.of(Variant.BASE, flags), Variant.of("compact", flags + " -XX:+UseCompactObjectHeaders"));
    }

    /// All by way of the agent, so that its own cost is in all of them.
    private static List<Variant> threads() {
        return List.of(
                Variant.of(Variant.BASE, COMPOSE).with(List.of(agent("threads=virtual"))),
                Variant.of("pool of 4", COMPOSE).with(List.of(agent("threads=4"))),
                Variant.of("pool of 64", COMPOSE).with(List.of(agent("threads=64"))),
                Variant.of("server's default", COMPOSE).with(List.of(agent("threads=default"))));
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
        String agent = agent("server=" + ROBAHO);
        return List.of(
                Variant.of(Variant.BASE, COMPOSE),
                Variant.of("nodelay off", COMPOSE + " -Dsun.net.httpserver.nodelay=false"),
                Variant.of("robaho", COMPOSE + " -Drobaho.net.httpserver.nodelay=true")
                        .with(List.of(agent)),
                Variant.of("robaho, nodelay off", COMPOSE + " -Drobaho.net.httpserver.nodelay=false")
                        .with(List.of(agent)));
    }
}
