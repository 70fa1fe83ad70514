package lab.jvm;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.commons.statistics.descriptive.Mean;
import org.apache.commons.statistics.descriptive.Variance;
import org.apache.commons.statistics.distribution.TDistribution;

/// How far a variant lies from the base, and how far it might: Student's interval for the difference of two means, so
/// wide that all that are judged are right together (Bonferroni's correction).
///
/// @param relative whether the numbers are shares of the base (0.1 is ten percent more) or in the measure's own unit
/// @param grain what the measure cannot tell apart: a clock tick, a count of one
record Difference(double change, double low, double high, boolean relative, double grain) {
    /// With this chance at most is a variant that is the same as the base called different in anything at all.
    private static final double FALSE_ALARM = 0.02;

    /// @param measures how many of them are judged
    static Difference of(List<Double> base, List<Double> variant, double grain, int measures) {
        boolean relative = Stream.of(base, variant).flatMap(List::stream).allMatch(sample -> sample > 0);
        double[] before = scaled(base, relative);
        double[] after = scaled(variant, relative);
        double mean = Mean.of(before).getAsDouble();
        double change = Mean.of(after).getAsDouble() - mean;
        double grainScaled = relative ? grain / Math.exp(mean + Math.min(0, change)) : grain;
        int degrees = before.length + after.length - 2;
        double pooled = (squares(before) + squares(after)) / degrees + grainScaled * grainScaled / 12;
        double width = TDistribution.of(degrees).inverseSurvivalProbability(FALSE_ALARM / measures / 2)
                * Math.sqrt(pooled / before.length + pooled / after.length);
        return relative
                ? new Difference(
                        Math.expm1(change), Math.expm1(change - width), Math.expm1(change + width), true, grain)
                : new Difference(change, change - width, change + width, false, grain);
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

    private static double squares(double[] values) {
        return Variance.of(values).getAsDouble() * (values.length - 1);
    }

    /// Whether a half more or less would not be seen; where the base has nothing, some grains.
    boolean isBlind() {
        return relative ? (1 + high) / (1 + change) > 1.5 : high - change > 3 * grain;
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
