package lab.jvm;

import common.SettingException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import lab.stack.Java;
import lab.stack.Service;
import lab.stack.Stack;
import org.json.JSONObject;

/// An earlier run: its report, and beside it the service as it was built then. A machine is not the same from one day
/// to
/// the next, so figures of then are no measure of now: the service of then runs again, in turns with that of now.
///
/// @param folder a run's own, or that of a run that was kept by a name
record Saved(String name, Path folder, JSONObject report) {
    static final String PREFIX = "saved ";
    private static final Path KEPT = Stack.root().resolve("lab/saved");
    private static final String REPORT = "report.json";

    /// @param text a name, or the file of a report
    static Saved read(String text) {
        Path file = text.endsWith(".json") ? Path.of(text).toAbsolutePath() : KEPT.resolve(text, REPORT);
        if (!Files.exists(file)) {
            throw new SettingException(
                    "--against", "takes a name that --save has given, or a report.json, not " + text);
        }
        try {
            String name =
                    text.endsWith(".json") ? file.getParent().getFileName().toString() : text;
            return new Saved(name, file.getParent(), new JSONObject(Files.readString(file)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// What a later run needs to know of the base of this one.
    static Map<String, String> describe(Plan plan, Variant base) {
        Stream<String> java = Stream.of(base.java())
                .filter(each -> !each.equals(Java.LAUNCHER))
                .map(each -> "@" + each.getParent().getParent());
        Stream<String> flags = base.flags().stream().filter(flag -> !flag.equals(Sets.agent(plan.stimulus)));
        String words = Stream.of(java, base.limits().stream(), flags)
                .flatMap(Function.identity())
                .collect(Collectors.joining(" "));
        return Map.of("service", plan.service(), "stimulus", plan.stimulus, "variant", words);
    }

    private String base(String key) {
        return report.getJSONObject("base").getString(key);
    }

    /// What that run compared others with.
    Variant variant() {
        return Variant.of(PREFIX + name, base("variant"));
    }

    /// The same flags for the service as it is now.
    Variant now() {
        return Variant.of("now", base("variant"));
    }

    String service() {
        return base("service");
    }

    String stimulus() {
        return base("stimulus");
    }

    /// What that run measured of it, in both of its turns; nothing, if it measured something else.
    List<Double> samples(String measure) {
        return objects(report, "measures")
                .filter(each -> each.getString("name").equals(measure))
                .flatMap(each -> objects(each, "series").limit(2))
                .flatMap(series -> series.getJSONArray("samples").toList().stream())
                .map(sample -> ((Number) sample).doubleValue())
                .toList();
    }

    private static Stream<JSONObject> objects(JSONObject of, String key) {
        return StreamSupport.stream(of.getJSONArray(key).spliterator(), false).map(JSONObject.class::cast);
    }

    /// Where a run goes that gets a name, instead of the folder that a build may empty.
    static Path folder(String name) {
        return KEPT.resolve(name);
    }

    /// Copies a service as it is built now, with all it needs.
    static void keepService(String service, Path folder) throws IOException {
        Path from = Service.jar(Stack.root(), service).getParent();
        Path to = Files.createDirectories(Service.jar(folder, service).resolveSibling("lib"));
        Files.copy(from.resolve(service + ".jar"), to.resolveSibling(service + ".jar"));
        try (Stream<Path> jars = Files.list(from.resolve("lib"))) {
            for (Path jar : jars.toList()) {
                Files.copy(jar, to.resolve(jar.getFileName()));
            }
        }
    }
}
