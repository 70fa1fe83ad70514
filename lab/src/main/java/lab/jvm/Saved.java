package lab.jvm;

import common.SettingException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
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

    /// Copies a service as it is built now, with all it needs, to where a run has it.
    static void keep(String service, Path folder) throws IOException {
        copy(Service.jar(Stack.root(), service), Service.jar(folder, service));
        copy(
                Service.jar(Stack.root(), service).resolveSibling("lib"),
                Service.jar(folder, service).resolveSibling("lib"));
    }

    /// Gives a run a name.
    static void keep(String service, Path folder, String name) throws IOException {
        Stack.delete(KEPT.resolve(name));
        copy(
                Service.jar(folder, service).getParent(),
                Service.jar(KEPT.resolve(name), service).getParent());
        copy(folder.resolve(REPORT), KEPT.resolve(name, REPORT));
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to.getParent());
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file).toString()), StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }
}
