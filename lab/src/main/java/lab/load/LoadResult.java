package lab.load;

import java.io.Serializable;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;

/// What came of a [Load].
///
/// @param errors answers other than 2xx, and connections that broke
/// @param unanswered requests without an answer when the patience after the end was over; their age is a latency
/// @param intervals latencies in nanoseconds, those of each second's requests by themselves; at a given rate from the
///     moment a request was due, not from when it could be sent
/// @param perSecond good answers in each second of the measured time
/// @param generatorCpuSeconds what the generator itself took
public record LoadResult(
        long errors,
        long unanswered,
        double seconds,
        Histogram[] intervals,
        int[] perSecond,
        double generatorCpuSeconds)
        implements Serializable {
    /// A histogram for latencies, to three digits.
    public static Histogram histogram() {
        return new Histogram(3);
    }

    /// A histogram for each second of so many.
    public static Histogram[] intervals(double seconds) {
        return IntStream.range(0, (int) Math.ceil(seconds))
                .mapToObj(_ -> histogram())
                .toArray(Histogram[]::new);
    }

    /// Adds the latency of a request to the second in which it was due.
    ///
    /// @param nanos when that was, since the first of these seconds began
    public static void record(Histogram[] intervals, long nanos, long latency) {
        intervals[Math.clamp(nanos / 1_000_000_000, 0, intervals.length - 1)].recordValue(latency);
    }

    public Histogram latencies() {
        Histogram all = histogram();
        for (Histogram interval : intervals) {
            all.add(interval);
        }
        return all;
    }

    public long answered() {
        return IntStream.of(perSecond).sum();
    }

    public double rate() {
        return answered() / seconds;
    }

    public double percentileMillis(double percentile) {
        return latencies().getValueAtPercentile(percentile) / 1e6;
    }
}
