package lab.jvm;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;

/// How far a variant lies from the base, and how far it might, by a bootstrap over forks.
///
/// The noise is what the forks of the base and of the variant differ among themselves. Samples of it are drawn anew,
/// many times, for a base and a variant that are the same. How large such false differences become, each in terms of
/// the spread that its own samples show ("Student's t"), tells how wide the interval must be; with three forks, whose
/// spread is not to be trusted, that is very wide.
///
/// @param relative whether the numbers are shares of the base (0.1 is ten percent more) or in the measure's own unit
record Difference(double change, double low, double high, boolean relative) {
    /// With this chance at most is a variant that is the same as the base called different in anything at all.
    private static final double FALSE_ALARM = 0.02;

    private static final int DRAWS = 20_000;

    /// @param grain what the measure cannot tell apart: a clock tick, a count of one
    /// @param measures how many of them are judged
    static Difference of(List<Double> base, List<Double> variant, double grain, int measures) {
        boolean relative = Stream.of(base, variant).flatMap(List::stream).allMatch(sample -> sample > 0);
        double[][] groups = {scaled(base, relative), scaled(variant, relative)};
        double grainScaled = relative ? grain / Math.min(geometricMean(groups[0]), geometricMean(groups[1])) : grain;
        double change = mean(groups[1]) - mean(groups[0]);
        double spread = spread(groups, grainScaled);
        double width = spread == 0 ? 0 : quantile(groups, grainScaled, measures) * spread;
        return relative
                ? new Difference(Math.exp(change) - 1, Math.exp(change - width) - 1, Math.exp(change + width) - 1, true)
                : new Difference(change, change - width, change + width, false);
    }

    boolean isNoise() {
        return low <= 0 && high >= 0;
    }

    /// Ratios become differences, so that twice and half are equally far.
    private static double[] scaled(List<Double> samples, boolean relative) {
        return samples.stream()
                .mapToDouble(sample -> relative ? Math.log(sample) : sample)
                .toArray();
    }

    private static double geometricMean(double[] logarithms) {
        return Math.exp(mean(logarithms));
    }

    // plain loops from here on: they run for each of the draws
    private static double mean(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum / values.length;
    }

    /// The standard error of a difference of two means.
    private static double spread(double[][] groups, double grain) {
        double squares = 0;
        int degrees = 0;
        for (double[] group : groups) {
            double mean = mean(group);
            for (double value : group) {
                squares += (value - mean) * (value - mean);
            }
            degrees += group.length - 1;
        }
        return Math.sqrt((squares / degrees + grain * grain / 12) * (1.0 / groups[0].length + 1.0 / groups[1].length));
    }

    private static double quantile(double[][] groups, double grain, int measures) {
        double[] noise = Arrays.stream(groups)
                .flatMapToDouble(group -> {
                    double mean = mean(group);
                    return Arrays.stream(group).map(value -> value - mean);
                })
                .toArray();
        // with few forks the same one is often drawn for all, which would look like no spread at all
        double blur = 0.5 * spread(groups, grain) / Math.sqrt(1.0 / groups[0].length + 1.0 / groups[1].length);
        var random = new Random(1);
        double[] largest = new double[DRAWS];
        double[][] drawn = Arrays.stream(groups).map(double[]::clone).toArray(double[][]::new);
        for (int i = 0; i < DRAWS; i++) {
            for (double[] group : drawn) {
                for (int k = 0; k < group.length; k++) {
                    group[k] = noise[random.nextInt(noise.length)] + blur * random.nextGaussian();
                }
            }
            double spread = spread(drawn, 0);
            largest[i] = spread == 0 ? 0 : Math.abs(mean(drawn[1]) - mean(drawn[0])) / spread;
        }
        Arrays.sort(largest);
        return largest[(int) Math.ceil(DRAWS * (1 - FALSE_ALARM / measures)) - 1];
    }

    /// How large a difference must be to be seen, as a share; infinite where there is none of nothing.
    double blindness() {
        return relative ? (1 + high) / (1 + change) - 1 : high == low ? 0 : Double.POSITIVE_INFINITY;
    }

    /// `≈` within the noise, otherwise `worse +45 %`; and from where to where it may be.
    ///
    /// @param better what is better: more (1), less (-1), or neither (0)
    String toString(int better) {
        String interval = " (" + number(low, "") + " … " + number(high, relative ? " %" : "") + ")";
        String direction = better == 0 ? "" : change * better > 0 ? "better " : "worse ";
        return (isNoise() ? "≈" : direction + number(change, relative ? " %" : "")) + interval;
    }

    boolean isWorse(int better) {
        return !isNoise() && change * better < 0;
    }

    private String number(double value, String unit) {
        if (relative && value > 2) { // better said as a multiple
            return value > 999 ? "× 1000 and more" : String.format(Locale.ROOT, "× %.3g", 1 + value);
        }
        double shown = relative ? 100 * value : value;
        String format = Math.abs(shown) >= 10 || shown == Math.rint(shown) ? "%+,.0f%s" : "%+.1f%s";
        return String.format(Locale.ROOT, format, shown, unit).replace('-', '−');
    }
}
