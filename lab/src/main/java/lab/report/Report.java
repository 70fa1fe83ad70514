package lab.report;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import lab.load.LoadResult;
import org.HdrHistogram.Histogram;
import org.json.JSONObject;

/// All that a run found: measures, distributions of latencies, goals and notes; as a table for the terminal, as
/// JSON, and as a page that needs nothing but itself.
public final class Report {
    final String title;
    final Map<String, String> facts = new LinkedHashMap<>();
    final List<Measure> measures = new ArrayList<>();
    final Map<String, Map<String, Histogram>> latencies = new LinkedHashMap<>();
    final List<Plot> plots = new ArrayList<>();
    final List<String> verdict = new ArrayList<>();
    private final Map<String, Map<String, String>> folds = new LinkedHashMap<>();
    private final JSONObject more = new JSONObject();
    final List<Goal> goals = new ArrayList<>();
    final List<String> notes = new ArrayList<>();

    public Report(String title) {
        this.title = title;
    }

    /// Something that only programs read.
    public void put(String key, Object value) {
        more.put(key, value);
    }

    /// What a reader unfolds: a text, under a heading.
    public void fold(String heading, String name, String text) {
        folds.computeIfAbsent(heading, _ -> new LinkedHashMap<>()).put(name, text);
    }

    /// Something about the run that a reader needs: the machine, the date, the command.
    public void fact(String name, String value) {
        facts.put(name, value);
    }

    public void note(String sentence) {
        if (!notes.contains(sentence)) {
            notes.add(sentence);
        }
    }

    /// The measure with this name, new or not.
    public Measure measure(String suite, String name, String unit) {
        for (Measure measure : measures) {
            if (measure.suite.equals(suite) && measure.name.equals(name)) {
                return measure;
            }
        }
        measures.add(new Measure(suite, name, unit));
        return measures.getLast();
    }

    /// Adds a repetition's latencies, in nanoseconds, to those of a series in a plot.
    public void latencies(String plot, String series, Histogram more) {
        latencies
                .computeIfAbsent(plot, _ -> new LinkedHashMap<>())
                .computeIfAbsent(series, _ -> LoadResult.histogram())
                .add(more);
    }

    public void plot(Plot plot) {
        plots.add(plot);
    }

    /// A sentence of what everything comes to. It stands first, beside all remarks on measures.
    public void verdict(String sentence) {
        verdict.add(sentence);
    }

    public void atLeast(double goal, String what, List<Double> samples) {
        goals.add(new Goal(what, samples, goal, true));
    }

    public void atMost(double goal, String what, List<Double> samples) {
        goals.add(new Goal(what, samples, goal, false));
    }

    /// The table for the terminal.
    public String table() {
        var text = new StringBuilder();
        for (Measure measure : measures) {
            text.append("\n%s: %s [%s]\n".formatted(measure.suite, measure.name, measure.unit));
            measure.samples.forEach((series, samples) -> text.append(
                    "  %-44s %12s   %s\n".formatted(series, measure.shown(series), Numbers.range(samples))));
        }
        text.append('\n');
        goals.forEach(goal -> text.append(goal.sentence()).append('\n'));
        notes.forEach(note -> text.append("Note: ").append(note).append('\n'));
        return text.toString();
    }

    /// What was remarked on each series of each measure, a column a series, and the verdict.
    public String verdict() {
        List<Measure> remarked = measures.stream().filter(Measure::isRemarked).toList();
        Set<String> series = new LinkedHashSet<>();
        remarked.forEach(measure -> series.addAll(measure.samples.keySet()));
        List<List<String>> rows = new ArrayList<>();
        rows.add(Stream.concat(Stream.of(""), series.stream()).toList());
        for (Measure measure : remarked) {
            for (int line = 0; line < 2; line++) {
                List<String> row = new ArrayList<>(List.of(line == 0 ? measure.name + " [" + measure.unit + "]" : ""));
                for (String each : series) {
                    row.add(measure.cell(each).get(line));
                }
                if (row.stream().anyMatch(cell -> !cell.isEmpty())) {
                    rows.add(row);
                }
            }
        }
        var text = new StringBuilder();
        for (List<String> row : rows) {
            var line = new StringBuilder();
            for (int column = 0; column < row.size(); column++) {
                int at = column;
                int width = rows.stream()
                        .mapToInt(each -> each.get(at).length())
                        .max()
                        .orElse(0);
                line.append(("%-" + (width + 2) + "s").formatted(row.get(column)));
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
        verdict.forEach(sentence -> text.append("\n- ").append(sentence));
        return text.append('\n').toString();
    }

    private JSONObject toJson() {
        var histograms = new JSONObject();
        latencies.forEach((plot, series) -> {
            var encoded = new JSONObject();
            series.forEach((name, histogram) -> encoded.put(name, encode(histogram)));
            histograms.put(plot, encoded);
        });
        Stream<Plot> curves =
                latencies.entrySet().stream().map(each -> Plot.percentiles(each.getKey(), each.getValue()));
        return new JSONObject(more.toMap())
                .put("title", title)
                .put("verdict", verdict)
                .put("facts", pairs(facts))
                .put("measures", measures.stream().map(Measure::toJson).toList())
                .put("latencies", histograms)
                .put(
                        "plots",
                        Stream.concat(curves, plots.stream()).map(Plot::toJson).toList())
                .put("folds", pairs(folds))
                .put("goals", goals.stream().map(Goal::toJson).toList())
                .put("notes", notes);
    }

    /// In their order, which objects of JSON have not.
    static List<List<Object>> pairs(Map<?, ?> map) {
        return map.entrySet().stream()
                .map(each -> List.of(
                        each.getKey(), each.getValue() instanceof Map<?, ?> inner ? pairs(inner) : each.getValue()))
                .toList();
    }

    /// HdrHistogram's own compressed form, as text.
    private static String encode(Histogram histogram) {
        var buffer = ByteBuffer.allocate(histogram.getNeededByteBufferCapacity());
        int length = histogram.encodeIntoCompressedByteBuffer(buffer);
        return Base64.getEncoder().encodeToString(Arrays.copyOf(buffer.array(), length));
    }

    /// Writes `report.json` and `report.html` into a folder.
    public void write(Path folder) throws IOException {
        Files.createDirectories(folder);
        JSONObject json = toJson();
        Files.writeString(folder.resolve("report.json"), json.toString(1));
        Files.writeString(folder.resolve("report.html"), Page.html(json));
    }
}
