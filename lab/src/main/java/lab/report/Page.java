package lab.report;

import static common.Html.escape;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;

/// A report as one HTML file: text, tables, and plots drawn as SVG by hand; no script, nothing from elsewhere.
final class Page {
    static final int WIDTH = 720;
    private static final int LINE = 26;
    private static final int NAMES = 250;
    private static final int BARS = 300;
    private static final int CURVES = 240;
    static final int LEFT = 60;
    static final int COLOURS = 8;

    private static final String STYLE = """
            :root { color-scheme: light dark; --text: #1d2430; --page: #fff; --quiet: #667; --line: #ccd;
                --c0: #0b6bcb; --c1: #c2410c; --c2: #15803d; --c3: #7e22ce;
                --c4: #b8860b; --c5: #0e7490; --c6: #be185d; --c7: #555; }
            @media (prefers-color-scheme: dark) { :root { --text: #e6e9f0; --page: #14171d; --quiet: #9aa3b2;
                --line: #3a4150; --c0: #5aa9f8; --c1: #fb923c; --c2: #4ade80; --c3: #c084fc;
                --c4: #facc15; --c5: #22d3ee; --c6: #f472b6; --c7: #aaa; } }
            @media print { :root { color-scheme: light; --text: #000; --page: #fff; --quiet: #444; --line: #bbb;
                --c0: #0b6bcb; --c1: #c2410c; --c2: #15803d; --c3: #7e22ce;
                --c4: #b8860b; --c5: #0e7490; --c6: #be185d; --c7: #555; } figure { break-inside: avoid } }
            body { font: 15px/1.5 system-ui, sans-serif; color: var(--text); background: var(--page);
                max-width: 760px; margin: 2rem auto; padding: 0 1rem; }
            h1 { font-size: 1.5rem } h2 { font-size: 1.15rem; margin-top: 2.5rem }
            figure { margin: 1.5rem 0 } figcaption { font-weight: 600 }
            svg { width: 100%; height: auto; display: block } svg text { font: 12px system-ui, sans-serif; fill: var(--text) }
            svg .quiet { fill: var(--quiet) } svg .grid { stroke: var(--line) } svg .range { stroke: var(--text); fill: none }
            table { border-collapse: collapse } td, th { text-align: left; padding: .15rem 1rem .15rem 0; vertical-align: top }
            svg .weighty { font-weight: 600 }
            .missed { color: var(--c1); font-weight: 600 }
            """;

    private final Report report;

    Page(Report report) {
        this.report = report;
    }

    String html() {
        var html = new StringBuilder();
        html.append("""
                <!doctype html>
                <html lang="en">
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <title>%1$s</title>
                <style>
                %2$s</style>
                <h1>%1$s</h1>
                """.formatted(escape(report.title), STYLE));
        facts(html);
        goals(html);
        String suite = "";
        for (Measure measure : report.measures) {
            if (!measure.suite.equals(suite)) {
                suite = measure.suite;
                html.append("<h2>%s</h2>\n".formatted(escape(suite)));
            }
            figure(html, measure.name + " [" + measure.unit + "]", bars(measure));
        }
        if (!report.latencies.isEmpty()) {
            html.append("<h2>Latency by percentile</h2>\n");
            report.latencies.forEach((name, histograms) -> figure(html, name, curves(histograms)));
        }
        report.figures.forEach((caption, svg) -> figure(html, caption, svg));
        return html.append("</html>\n").toString();
    }

    private void facts(StringBuilder html) {
        html.append("<table>\n");
        report.facts.forEach((name, value) -> html.append("<tr><th>%s<td>%s\n".formatted(escape(name), escape(value))));
        html.append("</table>\n");
        report.notes.forEach(note -> html.append("<p>%s</p>\n".formatted(escape(note))));
    }

    private void goals(StringBuilder html) {
        if (report.goals.isEmpty()) {
            return;
        }
        html.append("<h2>Goals</h2>\n<ul>\n");
        report.goals.forEach(goal -> html.append(
                "<li%s>%s\n".formatted(goal.isReached() ? "" : " class=\"missed\"", escape(goal.sentence()))));
        html.append("</ul>\n");
    }

    private static void figure(StringBuilder html, String caption, String svg) {
        html.append("<figure><figcaption>%s</figcaption>\n%s</figure>\n".formatted(escape(caption), svg));
    }

    /// One bar a series, as long as its median, with a line from the least to the most.
    static String bars(Measure measure) {
        Map<String, List<Double>> samples = measure.samples;
        double most =
                samples.values().stream().mapToDouble(Collections::max).max().orElse(1);
        double scale = BARS / (most > 0 ? most : 1);
        var svg = new StringBuilder();
        int row = 0;
        for (var series : samples.entrySet()) {
            double median = Numbers.median(series.getValue());
            double from = NAMES + scale * Collections.min(series.getValue());
            double to = NAMES + scale * Collections.max(series.getValue());
            int top = row * LINE;
            svg.append("""
                    <text x="%d" y="%d" text-anchor="end">%s <tspan class="%s">%s</tspan></text>
                    <rect x="%d" y="%d" width="%.1f" height="%d" fill="var(--c%d)"/>
                    <path class="range" d="M%.1f %dH%.1f"/>
                    <text x="%.1f" y="%d">%s <tspan class="quiet">%s</tspan></text>
                    """.formatted(
                            NAMES - 8,
                            top + 17,
                            escape(series.getKey()),
                            measure.remark(series.getKey()).startsWith("≈") ? "quiet" : "weighty",
                            escape(measure.remark(series.getKey())),
                            NAMES,
                            top + 4,
                            scale * median,
                            LINE - 10,
                            row % COLOURS,
                            from,
                            top + 12,
                            to,
                            to + 6,
                            top + 17,
                            Numbers.format(median),
                            Numbers.range(series.getValue())));
            row++;
        }
        return svg(row * LINE, svg);
    }

    /// Latencies, milliseconds on a logarithmic scale, over percentiles: 90, 99 and 99.9 are equally far apart.
    static String curves(Map<String, Histogram> histograms) {
        double least = histograms.values().stream()
                .mapToDouble(h -> Math.max(h.getMinValue(), 10_000) / 1e6)
                .min()
                .orElse(0.01);
        double most = histograms.values().stream()
                .mapToDouble(h -> h.getMaxValue() / 1e6)
                .max()
                .orElse(1);
        int low = (int) Math.floor(Math.log10(least));
        int high = Math.max(low + 1, (int) Math.ceil(Math.log10(most)));
        var svg = grid(low, high);
        int row = 0;
        for (var series : histograms.entrySet()) {
            svg.append("<path fill=\"none\" stroke-width=\"2\" stroke=\"var(--c%d)\" d=\"%s\"/>\n"
                    .formatted(row % COLOURS, path(series.getValue(), low, high)));
            svg.append("<text x=\"%d\" y=\"%d\" style=\"fill: var(--c%d)\">%s</text>\n"
                    .formatted(LEFT + 10, 24 + 16 * row, row % COLOURS, escape(series.getKey())));
            row++;
        }
        return svg(CURVES + 24, svg);
    }

    private static StringBuilder grid(int low, int high) {
        var svg = new StringBuilder();
        for (int power = low; power <= high; power++) {
            double y = y(Math.pow(10, power), low, high);
            svg.append(
                    "<path class=\"grid\" d=\"M%d %.1fH%d\"/><text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s ms</text>\n"
                            .formatted(
                                    LEFT,
                                    y,
                                    WIDTH,
                                    LEFT - 6,
                                    y + 4,
                                    Math.pow(10, power) < 1
                                            ? Math.pow(10, power)
                                            : String.format("%.0f", Math.pow(10, power))));
        }
        for (double percentile : new double[] {50, 90, 99, 99.9, 99.99}) {
            svg.append(
                    "<path class=\"grid\" d=\"M%1$.1f 10V%2$d\"/><text x=\"%1$.1f\" y=\"%3$d\" text-anchor=\"middle\">%4$s %%</text>\n"
                            .formatted(
                                    x(percentile),
                                    CURVES,
                                    CURVES + 16,
                                    Double.toString(percentile).replaceFirst("\\.0$", "")));
        }
        return svg;
    }

    private static String path(Histogram histogram, int low, int high) {
        var path = new StringBuilder();
        double last = Math.min(99.99, 100 - 100.0 / Math.max(2, histogram.getTotalCount()));
        for (double x = 0; x <= 1; x += 0.01) {
            double percentile = 100 - Math.pow(10, 2 - 4 * x);
            if (percentile > last) {
                break;
            }
            double millis = Math.max(histogram.getValueAtPercentile(percentile) / 1e6, Math.pow(10, low));
            path.append(path.isEmpty() ? "M" : "L").append("%.1f %.1f".formatted(x(percentile), y(millis, low, high)));
        }
        return path.toString();
    }

    private static double x(double percentile) {
        return LEFT + (2 - Math.log10(100 - percentile)) / 4 * (WIDTH - LEFT - 30);
    }

    private static double y(double millis, int low, int high) {
        return CURVES - (Math.log10(millis) - low) / (high - low) * (CURVES - 10);
    }

    static String svg(int height, StringBuilder content) {
        return "<svg viewBox=\"0 0 %d %d\" role=\"img\">\n%s</svg>\n".formatted(WIDTH, height, content);
    }
}
