package lab.report;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
            measure.samples.forEach((series, samples) -> {
                String row = "  %-44s %12s   %-24s %s"
                        .formatted(
                                series,
                                Numbers.format(Numbers.median(samples)),
                                Numbers.range(samples),
                                measure.remark(series));
                text.append(row.stripTrailing()).append('\n');
            });
        }
        text.append('\n');
        goals.forEach(goal -> text.append(goal.sentence()).append('\n'));
        notes.forEach(note -> text.append("Note: ").append(note).append('\n'));
        return text.toString();
    }

    private String toJson() {
        var histograms = new JSONObject();
        latencies.forEach((plot, series) -> {
            var encoded = new JSONObject();
            series.forEach((name, histogram) -> encoded.put(name, encode(histogram)));
            histograms.put(plot, encoded);
        });
        return new JSONObject()
                .put("title", title)
                .put("facts", facts)
                .put("measures", measures.stream().map(Measure::toJson).toList())
                .put("latencies", histograms)
                .put("goals", goals.stream().map(Goal::toJson).toList())
                .put("notes", notes)
                .toString(2);
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
        Files.writeString(folder.resolve("report.json"), toJson());
        Files.writeString(folder.resolve("report.html"), new Page(this).html());
    }
}
