package lab.report;

import static common.Html.escape;

import java.util.Collections;
import java.util.List;

/// A report as one HTML file: text, tables, and plots drawn as SVG by hand; no script, nothing from elsewhere.
final class Page {
    static final int WIDTH = 720;
    private static final int LINE = 26;
    private static final int NAMES = 250;
    private static final int BARS = 300;
    private static final int COLOURS = 8;

    private static final String STYLE = """
            :root { color-scheme: light dark; --text: light-dark(#1d2430, #e6e9f0); --page: light-dark(#fff, #14171d);
                --quiet: light-dark(#667, #9aa3b2); --line: light-dark(#ccd, #3a4150);
                --c0: light-dark(#0b6bcb, #5aa9f8); --c1: light-dark(#c2410c, #fb923c);
                --c2: light-dark(#15803d, #4ade80); --c3: light-dark(#7e22ce, #c084fc);
                --c4: light-dark(#b8860b, #facc15); --c5: light-dark(#0e7490, #22d3ee);
                --c6: light-dark(#be185d, #f472b6); --c7: light-dark(#555, #aaa) }
            @media print { :root { color-scheme: light } figure { break-inside: avoid } }
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
            report.latencies.forEach((name, histograms) -> figure(html, name, Plot.curves(histograms)));
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
    private static String bars(Measure measure) {
        double most = measure.samples.values().stream()
                .mapToDouble(Collections::max)
                .max()
                .orElse(1);
        double scale = BARS / (most > 0 ? most : 1);
        var svg = new StringBuilder();
        int row = 0;
        for (var series : measure.samples.entrySet()) {
            List<Double> samples = series.getValue();
            double median = Numbers.median(samples);
            String remark = measure.remark(series.getKey());
            svg.append("""
                    <g transform="translate(%d %d)">
                    <text x="-8" y="17" text-anchor="end">%s <tspan class="%s">%s</tspan></text>
                    <rect y="4" width="%.1f" height="%d" fill="%s"/>
                    <path class="range" d="M%.1f 12H%.1f"/>
                    <text x="%.1f" y="17">%s <tspan class="quiet">%s</tspan></text>
                    </g>
                    """.formatted(
                            NAMES,
                            row * LINE,
                            escape(series.getKey()),
                            remark.startsWith("≈") ? "quiet" : "weighty",
                            escape(remark),
                            scale * median,
                            LINE - 10,
                            colour(row),
                            scale * Collections.min(samples),
                            scale * Collections.max(samples),
                            scale * Collections.max(samples) + 6,
                            Numbers.format(median),
                            Numbers.range(samples)));
            row++;
        }
        return svg(row * LINE, svg);
    }

    static String colour(int series) {
        return "var(--c" + series % COLOURS + ")";
    }

    static String svg(int height, StringBuilder content) {
        return "<svg viewBox=\"0 0 %d %d\" role=\"img\">\n%s</svg>\n".formatted(WIDTH, height, content);
    }
}
