package lab.report;

import static common.Html.escape;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;

/// Plots over seconds as SVG: lines for what is there all the time, dots for what happens now and then.
public final class Timeline {
    /// @param seconds since whatever the plot begins with
    public record Point(double seconds, double value) {}

    private static final int HEIGHT = 220;
    private static final int LEGEND = 18;

    private final double longest;
    private final double low;
    private final double high;
    private final boolean logarithmic;
    private final int top;

    private Timeline(Map<String, List<Point>> series, boolean logarithmic) {
        this.logarithmic = logarithmic;
        this.top = 6 + LEGEND * ((series.size() + 2) / 3);
        var values = new TreeSet<Double>();
        var seconds = new TreeSet<Double>(List.of(1.0));
        series.values()
                .forEach(points -> points.forEach(point -> {
                    values.add(scaled(point.value));
                    seconds.add(point.seconds);
                }));
        longest = seconds.last();
        low = logarithmic ? Math.floor(values.isEmpty() ? 0 : values.first()) : 0;
        double most = values.isEmpty() ? 1 : values.last();
        high = logarithmic ? Math.max(low + 1, Math.ceil(most)) : most > 0 ? most * 1.05 : 1;
    }

    /// A line a series, from zero.
    public static String lines(Map<String, List<Point>> series, String unit) {
        return new Timeline(series, false).draw(series, unit, false);
    }

    /// A dot an event, on a logarithmic scale.
    public static String dots(Map<String, List<Point>> series, String unit) {
        return new Timeline(series, true).draw(series, unit, true);
    }

    private String draw(Map<String, List<Point>> series, String unit, boolean dots) {
        var svg = new StringBuilder();
        axes(svg, unit);
        int row = 0;
        for (var each : series.entrySet()) {
            String colour = "var(--c%d)".formatted(row % Page.COLOURS);
            svg.append("<text x=\"%d\" y=\"%d\" style=\"fill: %s\">%s</text>\n"
                    .formatted(Page.LEFT + row % 3 * 220, 14 + row / 3 * LEGEND, colour, escape(each.getKey())));
            if (dots) {
                each.getValue()
                        .forEach(point -> append(
                                svg,
                                "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"2.5\" fill=\"%s\"/>\n",
                                x(point.seconds),
                                y(scaled(point.value)),
                                colour));
            } else {
                append(
                        svg,
                        "<path fill=\"none\" stroke-width=\"2\" stroke=\"%s\" d=\"%s\"/>\n",
                        colour,
                        path(each.getValue()));
            }
            row++;
        }
        return Page.svg(top + HEIGHT + 24, svg);
    }

    private void axes(StringBuilder svg, String unit) {
        double step = logarithmic ? 1 : step(high);
        for (double value = low; value <= high + step / 100; value += step) {
            String label = Numbers.format(logarithmic ? Math.pow(10, value) : value)
                            .replaceFirst("\\.0+$", "")
                            .replaceFirst("(\\.[0-9]*?)0+$", "$1")
                    + " " + unit;
            append(
                    svg,
                    "<path class=\"grid\" d=\"M%d %.1fH%d\"/><text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>\n",
                    Page.LEFT,
                    y(value),
                    Page.WIDTH,
                    Page.LEFT - 6,
                    y(value) + 4,
                    escape(label));
        }
        for (double second = 0; second <= longest; second += step(longest)) {
            append(
                    svg,
                    "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%.0f s</text>\n",
                    x(second),
                    top + HEIGHT + 18,
                    second);
        }
    }

    /// 1, 2 or 5 times a power of ten, so that there are about five steps to the most.
    private static double step(double most) {
        double power = Math.pow(10, Math.floor(Math.log10(most / 5)));
        double times = most / 5 / power;
        return power * (times < 1.5 ? 1 : times < 3.5 ? 2 : times < 7.5 ? 5 : 10);
    }

    private String path(List<Point> points) {
        var path = new StringBuilder();
        points.forEach(point ->
                append(path, "%s%.1f %.1f", path.isEmpty() ? "M" : "L", x(point.seconds), y(scaled(point.value))));
        return path.toString();
    }

    private double scaled(double value) {
        return logarithmic ? Math.log10(Math.max(value, 1e-3)) : value;
    }

    private double x(double seconds) {
        return Page.LEFT + seconds / longest * (Page.WIDTH - Page.LEFT - 20);
    }

    private double y(double scaled) {
        return top + HEIGHT - (scaled - low) / (high - low) * HEIGHT;
    }

    private static void append(StringBuilder svg, String format, Object... values) {
        svg.append(String.format(Locale.ROOT, format, values));
    }
}
