package lab.jvm;

import common.SettingException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import lab.stack.Service;
import lab.stack.Stack;
import org.apache.commons.io.FileUtils;
import org.json.JSONException;
import org.json.JSONObject;

/// An earlier run: its report, and beside it the service as it was built then. A machine is not the same from one day
/// to the next, so figures of then are no measure of now: the service of then runs again, in turns with that of now.
///
/// @param folder a run's own, or that of a run that was kept by a name
record Saved(String name, Path folder, JSONObject report) {
    static final String PREFIX = "saved ";
    private static final Path KEPT = Stack.root().resolve("lab/saved");

    /// @param text a name, or the file of a report
    static Saved read(String text) {
        boolean isFile = text.endsWith(".json");
        Path file = isFile ? Path.of(text).toAbsolutePath() : KEPT.resolve(text).resolve("report.json");
        try {
            var report = new JSONObject(Files.readString(file));
            report.getJSONObject("base"); // others than ours have none
            String name = isFile ? file.getParent().getFileName().toString().replace('=', '-') : text;
            return new Saved(name, file.getParent(), report);
        } catch (IOException | JSONException _) {
            throw new SettingException(
                    "--against", "takes a name that --save has given, or a run's report.json, not " + text);
        }
    }

    /// What a later run needs to know of the [#base] of this one. The agent is told the stimulus again then.
    static Map<String, String> describe(Plan plan, Variant base) {
        String variant = base.text().replace(Sets.agent(plan.stimulus), "");
        String seconds = plan.seconds.toString();
        return Map.of("service", plan.service, "stimulus", plan.stimulus, "seconds", seconds, "variant", variant);
    }

    String base(String key) {
        return report.getJSONObject("base").getString(key);
    }

    /// Whether its figures are of the same load for as long.
    boolean isLike(Plan plan) {
        return base("stimulus").equals(plan.stimulus)
                && plan.seconds.toString().equals(report.getJSONObject("base").opt("seconds"));
    }

    /// What that run compared others with.
    Variant variant() {
        return Variant.of(PREFIX + name + "=" + base("variant"));
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

    /// Moves a run to where the next one finds it by its name, in place of an earlier one, and returns where that is:
    /// not in a folder that a build may empty.
    static Path keep(Path run, String name) throws IOException {
        Path kept = Files.createDirectories(KEPT).resolve(name);
        FileUtils.deleteDirectory(kept.toFile());
        return Files.move(run, kept);
    }

    /// Copies a service as it is built now, with all it needs.
    static void keepService(String service, Path folder) throws IOException {
        Path jar = Service.jar(Stack.root(), service);
        Path copy = Service.jar(folder, service);
        FileUtils.copyFile(jar.toFile(), copy.toFile());
        FileUtils.copyDirectory(
                jar.resolveSibling("lib").toFile(), copy.resolveSibling("lib").toFile());
    }
}
