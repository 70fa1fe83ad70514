package lab.report;

import static common.Html.escape;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import org.HdrHistogram.Histogram;

/// Plots as SVG: over seconds, lines for what is there all the time and dots for what happens now and then; and
/// latencies over percentiles.
public final class Plot {
    /// @param x seconds since whatever the plot begins with
    public record Point(double x, double y) {}

    private static final int HEIGHT = 230;
    private static final int LEFT = 60;
    private static final int LEGEND = 18;

    private final Map<String, List<Point>> series;
    private final boolean logarithmic;
    private final int top;
    private final double right;
    private final double low;
    private final double high;
    private final StringBuilder svg = new StringBuilder();

    private Plot(Map<String, List<Point>> series, boolean logarithmic, double right) {
        this.series = series;
        this.logarithmic = logarithmic;
        top = 6 + LEGEND * ((series.size() + 1) / 2);
        this.right = Math.max(right, all(Point::x).max().orElse(0));
        double most = all(this::scaled).max().orElse(1);
        low = logarithmic ? Math.floor(all(this::scaled).min().orElse(0)) : 0;
        high = logarithmic ? Math.max(low + 1, Math.ceil(most)) : most > 0 ? most * 1.05 : 1;
    }

    /// A line a series, from zero.
    public static String lines(Map<String, List<Point>> series, String unit) {
        var plot = new Plot(series, false, 1);
        return plot.draw(unit, plot.seconds(), false);
    }

    /// A dot an event, on a logarithmic scale.
    public static String dots(Map<String, List<Point>> series, String unit) {
        var plot = new Plot(series, true, 1);
        return plot.draw(unit, plot.seconds(), true);
    }

    /// Latencies, milliseconds on a logarithmic scale, over percentiles: 90, 99 and 99.9 are equally far apart.
    static String curves(Map<String, Histogram> histograms) {
        Map<String, List<Point>> series = new LinkedHashMap<>();
        histograms.forEach((name, histogram) -> series.put(name, curve(histogram)));
        Map<Double, String> ticks = new TreeMap<>();
        for (double percentile : new double[] {50, 90, 99, 99.9, 99.99}) {
            ticks.put(2 - Math.log10(100 - percentile), Numbers.plain(percentile) + " %");
        }
        return new Plot(series, true, 4).draw("ms", ticks, false);
    }

    private static List<Point> curve(Histogram histogram) {
        List<Point> points = new ArrayList<>();
        double last = Math.min(99.99, 100 - 100.0 / Math.max(2, histogram.getTotalCount()));
        for (double x = 0; 100 - Math.pow(10, 2 - x) <= last; x += 0.04) {
            double millis = histogram.getValueAtPercentile(100 - Math.pow(10, 2 - x)) / 1e6;
            points.add(new Point(x, Math.max(millis, 0.01)));
        }
        return points;
    }

    private String draw(String unit, Map<Double, String> ticks, boolean dots) {
        double step = logarithmic ? 1 : step(high);
        for (double value = low; value <= high + step / 100; value += step) {
            String label = Numbers.plain(logarithmic ? Math.pow(10, value) : value) + " " + unit;
            append("<path class=\"grid\" d=\"M%d %.1fH%d\"/>", LEFT, y(value), Page.WIDTH);
            append("<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>", LEFT - 6, y(value) + 4, escape(label));
        }
        ticks.forEach((x, label) ->
                append("<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>", x(x), top + HEIGHT + 18, label));
        int row = 0;
        for (var each : series.entrySet()) {
            String colour = Page.colour(row);
            append("<text x=\"%d\" y=\"%d\" style=\"fill: %s\">", LEFT + row % 2 * 330, 14 + row / 2 * LEGEND, colour);
            append("%s</text>", escape(each.getKey()));
            if (!dots) {
                append("<polyline fill=\"none\" stroke-width=\"2\" stroke=\"%s\" points=\"", colour);
            }
            String form = dots ? "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"2.5\" fill=\"" + colour + "\"/>" : "%.1f,%.1f";
            each.getValue().forEach(point -> append(form, x(point.x), y(scaled(point))));
            append(dots ? "" : "\"/>");
            row++;
        }
        return Page.svg(top + HEIGHT + 24, svg);
    }

    private Map<Double, String> seconds() {
        Map<Double, String> ticks = new TreeMap<>();
        for (double second = 0; second <= right; second += step(right)) {
            ticks.put(second, Numbers.plain(second) + " s");
        }
        return ticks;
    }

    /// 1, 2 or 5 times a power of ten, so that there are about five steps to the most.
    private static double step(double most) {
        double power = Math.pow(10, Math.floor(Math.log10(most / 5)));
        double times = most / 5 / power;
        return power * (times < 1.5 ? 1 : times < 3.5 ? 2 : times < 7.5 ? 5 : 10);
    }

    private DoubleStream all(ToDoubleFunction<Point> coordinate) {
        return series.values().stream().flatMap(List::stream).mapToDouble(coordinate);
    }

    private double scaled(Point point) {
        return logarithmic ? Math.log10(Math.max(point.y, 1e-3)) : point.y;
    }

    private double x(double x) {
        return LEFT + x / right * (Page.WIDTH - LEFT - 30);
    }

    private double y(double scaled) {
        return top + HEIGHT - (scaled - low) / (high - low) * HEIGHT;
    }

    private void append(String format, Object... values) {
        svg.append(format.formatted(values)).append('\n');
    }
}
