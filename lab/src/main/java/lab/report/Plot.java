package lab.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;

/// A picture for the page, which Chart.js draws.
///
/// @param kind `lines` or `dots` over seconds, dots on a logarithmic scale; or `percentiles`
public record Plot(String caption, String kind, String unit, Map<String, List<Point>> series) {
    private static final int STEPS_TO_HALF_THE_REST = 10;

    /// @param x seconds since whatever the plot begins with; of a percentile, how many requests there are for one that
    ///     is slower: 10 at 90 %, 100 at 99 %
    public record Point(double x, double y) {}

    /// As many points as HdrHistogram itself would draw, up to the slowest request of all.
    static Plot percentiles(String caption, Map<String, Histogram> latencies) {
        Map<String, List<Point>> series = new LinkedHashMap<>();
        latencies.forEach((name, histogram) -> {
            List<Point> points = new ArrayList<>();
            histogram.percentiles(STEPS_TO_HALF_THE_REST).forEach(each -> {
                double rest = 1 - each.getPercentileLevelIteratedTo() / 100;
                double slower = Math.min(1 / Math.max(rest, 1e-9), histogram.getTotalCount());
                points.add(new Point(slower, each.getValueIteratedTo() / 1e6));
            });
            series.put(name, points);
        });
        return new Plot(caption, "percentiles", "ms", series);
    }

    Map<String, Object> toJson() {
        return Map.of("caption", caption, "kind", kind, "unit", unit, "series", Report.pairs(series));
    }
}
