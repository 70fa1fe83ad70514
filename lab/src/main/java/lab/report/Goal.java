package lab.report;

import java.util.List;
import java.util.Map;

/// A ratio or a figure that is hoped for. It is reached or not by the median of its samples.
record Goal(String what, List<Double> samples, double goal, boolean atLeast) {
    boolean isReached() {
        double median = Numbers.median(samples);
        return atLeast ? median >= goal : median <= goal;
    }

    String sentence() {
        String range = Numbers.range(samples);
        return "%s: %s%s, goal at %s %s: %s"
                .formatted(
                        what,
                        Numbers.format(Numbers.median(samples)),
                        range.isEmpty() ? "" : " (" + range + ")",
                        atLeast ? "least" : "most",
                        Numbers.format(goal),
                        isReached() ? "reached" : "NOT reached");
    }

    Map<String, Object> toJson() {
        return Map.of("what", what, "samples", samples, "reached", isReached(), "sentence", sentence());
    }
}
