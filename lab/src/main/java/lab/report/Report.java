package lab.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lab.load.LoadResult;
import org.HdrHistogram.Histogram;
import org.json.JSONArray;
import org.json.JSONObject;

/// All that a run found: measures, distributions of latencies, goals and notes; as a table for the terminal, as
/// JSON, and as a page that needs nothing but itself.
public final class Report {
    /// A ratio that is hoped for. It is reached or not by the median of its samples.
    record Goal(String what, List<Double> samples, double goal, boolean atLeast) {
        boolean isReached() {
            return atLeast ? Numbers.median(samples) >= goal : Numbers.median(samples) <= goal;
        }

        String sentence() {
            String range = Numbers.range(samples);
            return "%s: %s%s, goal at %s %s: %s"
                    .formatted(
                            what,
                            Numbers.format(Numbers.median(samples)),
                            range.isEmpty() ? "" : " (" + range + ")",
                            atLeast ? "least" : "most",
                            Numbers.format(goal),
                            isReached() ? "reached" : "NOT reached");
        }
    }

    final String title;
    final Map<String, String> facts = new LinkedHashMap<>();
    final List<Measure> measures = new ArrayList<>();
    final Map<String, Map<String, Histogram>> latencies = new LinkedHashMap<>();
    final Map<String, String> figures = new LinkedHashMap<>();
    final List<Goal> goals = new ArrayList<>();
    final List<String> notes = new ArrayList<>();

    public Report(String title) {
        this.title = title;
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
        var measure = new Measure(suite, name, unit);
        measures.add(measure);
        return measure;
    }

    /// Adds a repetition's latencies, in nanoseconds, to those of a series in a plot.
    public void latencies(String plot, String series, Histogram more) {
        latencies
                .computeIfAbsent(plot, _ -> new LinkedHashMap<>())
                .computeIfAbsent(series, _ -> LoadResult.histogram())
                .add(more);
    }

    /// A plot for the page, as SVG.
    public void figure(String caption, String svg) {
        figures.put(caption, svg);
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
            measure.samples.forEach((series, samples) -> text.append("  %-44s %12s   %-24s %s"
                            .formatted(
                                    series,
                                    Numbers.format(Numbers.median(samples)),
                                    Numbers.range(samples),
                                    measure.remark(series))
                            .stripTrailing())
                    .append('\n'));
        }
        text.append('\n');
        goals.forEach(goal -> text.append(goal.sentence()).append('\n'));
        notes.forEach(note -> text.append("Note: ").append(note).append('\n'));
        return text.toString();
    }

    String toJson() {
        var json = new JSONObject().put("title", title).put("facts", new JSONObject(facts));
        var list = new JSONArray();
        for (Measure measure : measures) {
            var series = new JSONArray();
            measure.samples.forEach((name, samples) -> series.put(new JSONObject()
                    .put("name", name)
                    .put("median", Numbers.median(samples))
                    .put("remark", measure.remark(name))
                    .put("samples", new JSONArray(samples))));
            list.put(new JSONObject()
                    .put("suite", measure.suite)
                    .put("name", measure.name)
                    .put("unit", measure.unit)
                    .put("series", series));
        }
        var histograms = new JSONObject();
        latencies.forEach((plot, all) -> {
            var series = new JSONObject();
            all.forEach((name, histogram) -> series.put(name, LoadResult.encode(histogram)));
            histograms.put(plot, series);
        });
        var goalList = new JSONArray();
        goals.forEach(goal -> goalList.put(new JSONObject()
                .put("what", goal.what())
                .put("samples", new JSONArray(goal.samples()))
                .put("goal", goal.goal())
                .put("at_least", goal.atLeast())
                .put("reached", goal.isReached())));
        return json.put("measures", list)
                .put("latencies", histograms)
                .put("goals", goalList)
                .put("notes", new JSONArray(notes))
                .toString(2);
    }

    /// Writes `report.json` and `report.html` into a folder.
    public void write(Path folder) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("report.json"), toJson());
        Files.writeString(folder.resolve("report.html"), new Page(this).html());
    }
}
