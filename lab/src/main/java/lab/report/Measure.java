package lab.report;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// One quantity, measured again and again for several things that are compared: the samples of each, in order.
public final class Measure {
    final String suite;
    public final String name;
    final String unit;

    /// Each series' samples, in the order the series came.
    public final Map<String, List<Double>> samples = new LinkedHashMap<>();

    private final Map<String, String> remarks = new HashMap<>();

    Measure(String suite, String name, String unit) {
        this.suite = suite;
        this.name = name;
        this.unit = unit;
    }

    public void add(String series, double sample) {
        samples.computeIfAbsent(series, _ -> new ArrayList<>()).add(sample);
    }

    /// Says something about a series beside its figures.
    public void remark(String series, String text) {
        remarks.put(series, text);
    }

    /// What was said about a series, or nothing.
    public String remark(String series) {
        return remarks.getOrDefault(series, "");
    }

    public double median(String series) {
        return Numbers.median(samples.get(series));
    }

    /// What one series is of another, repetition by repetition: samples that were taken beside each other are
    /// compared, so that a machine that was slow for a while was slow for both.
    public List<Double> ratio(String series, String of) {
        List<Double> left = samples.get(series);
        List<Double> right = samples.get(of);
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < Math.min(left.size(), right.size()); i++) {
            ratios.add(left.get(i) / right.get(i));
        }
        return ratios;
    }
}
