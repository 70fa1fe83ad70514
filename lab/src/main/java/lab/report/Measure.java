package lab.report;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.commons.statistics.descriptive.Median;

/// One quantity, measured again and again for several things that are compared: the samples of each, in order.
public final class Measure {
    final String suite;
    public final String name;
    final String unit;

    /// Each series' samples, in the order the series came.
    public final Map<String, List<Double>> samples = new LinkedHashMap<>();

    final Map<String, String> remarks = new HashMap<>();
    private String counted;

    Measure(String suite, String name, String unit) {
        this.suite = suite;
        this.name = name;
        this.unit = unit;
    }

    /// Adds a sample, and returns it as people read it.
    public String add(String series, double sample) {
        samples.computeIfAbsent(series, _ -> new ArrayList<>()).add(sample);
        return format(sample) + " " + unit;
    }

    /// Says something about a series beside its figures.
    public void remark(String series, String text) {
        remarks.put(series, text);
    }

    /// Shows a series as the number of its samples that are not zero: a median tells nothing of one in four.
    public void count(String of) {
        counted = of;
    }

    /// A series in short.
    public String shown(String series) {
        List<Double> all = samples.getOrDefault(series, List.of());
        if (all.isEmpty()) {
            return "";
        }
        return counted == null
                ? format(median(all))
                : "%d of %d %s".formatted(all.stream().filter(each -> each != 0).count(), all.size(), counted);
    }

    /// What was remarked on a series, with what stands in brackets on a line of its own; or the series in short.
    String cell(String series) {
        return remarks.getOrDefault(series, shown(series)).replaceFirst(" (?=\\()", "\n");
    }

    public double median(String series) {
        return median(samples.get(series));
    }

    /// What one series is of another, repetition by repetition: samples that were taken beside each other are
    /// compared, so that a machine that was slow for a while was slow for both.
    public List<Double> ratio(String series, String of) {
        List<Double> left = samples.get(series);
        List<Double> right = samples.get(of);
        return IntStream.range(0, Math.min(left.size(), right.size()))
                .mapToObj(i -> left.get(i) / right.get(i))
                .toList();
    }

    Map<String, Object> toJson() {
        List<Map<String, Object>> series = samples.entrySet().stream()
                .map(each -> Map.<String, Object>of(
                        "name", each.getKey(),
                        "median", median(each.getKey()),
                        "shown", shown(each.getKey()),
                        "range", range(each.getValue()),
                        "remark", remarks.getOrDefault(each.getKey(), ""),
                        "samples", each.getValue()))
                .toList();
        return Map.of("suite", suite, "name", name, "unit", unit, "series", series);
    }

    public static double median(List<Double> samples) {
        return Median.withDefaults()
                .evaluate(samples.stream().mapToDouble(each -> each).toArray());
    }

    /// `12,345`, `123`, `12.3` or `1.23`: three digits at least, and no more than matter.
    public static String format(double number) {
        int decimals = Math.abs(number) >= 100 ? 0 : Math.abs(number) >= 10 ? 1 : 2;
        return String.format(Locale.ROOT, "%,." + decimals + "f", number);
    }

    /// The median of samples, and from where to where they lie: `1.02 (0.98 … 1.07)`.
    public static String summary(List<Double> samples) {
        return format(median(samples)) + (samples.size() < 2 ? "" : " (" + range(samples) + ")");
    }

    /// `9.80 … 10.5`, or nothing for a single sample.
    static String range(List<Double> samples) {
        return samples.size() < 2 ? "" : format(Collections.min(samples)) + " … " + format(Collections.max(samples));
    }
}
