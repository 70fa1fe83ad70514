package lab.report;

import java.util.Collections;
import java.util.List;
import java.util.Locale;

/// Samples as one reads them: the middle one, and from where to where.
public final class Numbers {
    private Numbers() {}

    public static double median(List<Double> samples) {
        List<Double> sorted = samples.stream().sorted().toList();
        int half = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(half) : (sorted.get(half - 1) + sorted.get(half)) / 2;
    }

    /// `12,345`, `123`, `12.3` or `1.23`: three digits at least, and no more than matter.
    public static String format(double number) {
        int decimals = Math.abs(number) >= 100 ? 0 : Math.abs(number) >= 10 ? 1 : 2;
        return String.format(Locale.ROOT, "%,." + decimals + "f", number);
    }

    /// `9.80 … 10.5`, or nothing for a single sample.
    static String range(List<Double> samples) {
        return samples.size() < 2 ? "" : format(Collections.min(samples)) + " … " + format(Collections.max(samples));
    }
}
