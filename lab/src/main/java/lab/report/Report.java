package lab.report;

import common.Resource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import lab.load.LoadResult;
import org.HdrHistogram.Histogram;
import org.json.JSONObject;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Help.TextTable;

/// All that a run found: measures, distributions of latencies, goals and notes; as a table for the terminal, as
/// JSON, and as a page that needs nothing but itself.
public final class Report {
    private static final String CHARTS = "/META-INF/resources/webjars/chart.js/4.5.1/dist/chart.umd.min.js";

    private final Map<String, String> facts = new LinkedHashMap<>();
    private final Map<String, Measure> measures = new LinkedHashMap<>();
    private final Map<String, Map<String, Histogram>> latencies = new LinkedHashMap<>();
    private final List<Plot> plots = new ArrayList<>();
    private final List<String> verdict = new ArrayList<>();
    private final Map<String, Map<String, String>> folds = new LinkedHashMap<>();
    private final List<String> goals = new ArrayList<>();
    private final Set<String> notes = new LinkedHashSet<>();
    private final JSONObject json = new JSONObject();

    public Report(String title) {
        put("title", title);
    }

    /// Something that only programs read.
    public void put(String key, Object value) {
        json.put(key, value);
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
        notes.add(sentence);
    }

    /// The measure with this name, new or not.
    public Measure measure(String suite, String name, String unit) {
        return measures.computeIfAbsent(suite + ": " + name, _ -> new Measure(suite, name, unit));
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

    /// A ratio or a figure that is hoped for, which is reached or not by the median of its samples.
    public void atLeast(double goal, String what, List<Double> samples) {
        goal(what, samples, "least " + Measure.format(goal), Measure.median(samples) >= goal);
    }

    public void atMost(double goal, String what, List<Double> samples) {
        goal(what, samples, "most " + Measure.format(goal), Measure.median(samples) <= goal);
    }

    private void goal(String what, List<Double> samples, String goal, boolean reached) {
        String summary = Measure.summary(samples);
        goals.add("%s: %s, goal at %s: %s".formatted(what, summary, goal, reached ? "reached" : "NOT reached"));
    }

    /// The table for the terminal.
    public String table() {
        var text = new StringBuilder();
        measures.forEach((name, measure) -> {
            text.append("\n%s [%s]\n".formatted(name, measure.unit));
            measure.samples.forEach((series, samples) -> text.append(
                    "  %-44s %12s   %s\n".formatted(series, measure.shown(series), Measure.range(samples))));
        });
        text.append('\n');
        goals.forEach(goal -> text.append(goal).append('\n'));
        notes.forEach(note -> text.append("Note: ").append(note).append('\n'));
        return text.toString();
    }

    /// What was remarked on each series of each measure, a column a series, and the verdict.
    public String verdict() {
        List<Measure> remarked = new ArrayList<>(measures.values());
        remarked.removeIf(measure -> measure.remarks.isEmpty());
        Set<String> series = new LinkedHashSet<>();
        remarked.forEach(measure -> series.addAll(measure.samples.keySet()));
        List<String[]> rows = new ArrayList<>();
        rows.add(row("", series.stream()));
        remarked.forEach(each ->
                rows.add(row(each.name + " [" + each.unit + "]", series.stream().map(each::cell))));
        int[] widths = IntStream.rangeClosed(0, series.size())
                .map(column -> 2
                        + rows.stream()
                                .flatMap(row -> row[column].lines())
                                .mapToInt(String::length)
                                .max()
                                .orElse(0))
                .toArray();
        var table = TextTable.forColumnWidths(Help.defaultColorScheme(Ansi.OFF), widths);
        rows.forEach(table::addRowValues);
        return table + "\n- " + String.join("\n- ", verdict) + "\n";
    }

    private static String[] row(String head, Stream<String> cells) {
        return Stream.concat(Stream.of(head), cells).toArray(String[]::new);
    }

    /// Writes `report.json` and `report.html` into a folder.
    public void write(Path folder) throws IOException {
        Stream<Plot> curves =
                latencies.entrySet().stream().map(each -> Plot.percentiles(each.getKey(), each.getValue()));
        put("verdict", verdict);
        put("facts", pairs(facts));
        put("measures", measures.values().stream().map(Measure::toJson).toList());
        put("plots", Stream.concat(curves, plots.stream()).map(Plot::toJson).toList());
        put("folds", pairs(folds));
        put("goals", goals);
        put("notes", notes);
        String page = Resource.text(Report.class, "report.html")
                .replace("/* style */", Resource.text(Report.class, "report.css"))
                .replace("/* charts */", Resource.text(Report.class, CHARTS).replaceAll("(?m)^//# .*", ""))
                .replace("/* script */", Resource.text(Report.class, "report.js"))
                .replace("/* data */", json.toString().replace("<", "\\u003c"));
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("report.json"), json.toString(1));
        Files.writeString(folder.resolve("report.html"), page);
    }

    /// In their order, which objects of JSON have not.
    static List<List<Object>> pairs(Map<?, ?> map) {
        return map.entrySet().stream()
                .map(each -> List.of(
                        each.getKey(), each.getValue() instanceof Map<?, ?> inner ? pairs(inner) : each.getValue()))
                .toList();
    }
}
