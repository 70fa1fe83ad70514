package lab.load;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.zip.DataFormatException;
import org.HdrHistogram.Histogram;
import org.json.JSONArray;
import org.json.JSONObject;

/// What came of a [Load].
///
/// @param answered good answers in the measured time
/// @param errors answers other than 2xx and 304, and connections that broke
/// @param unanswered requests that were due and had no answer when the patience after the end was over; their age is
///     in the latencies
/// @param latencies in nanoseconds; at a given rate from the moment a request was due, not from when it could be sent
/// @param perSecond good answers in each second of the measured time
/// @param generatorCpuSeconds what the generator itself took
public record LoadResult(
        long answered,
        long errors,
        long unanswered,
        double seconds,
        Histogram latencies,
        int[] perSecond,
        double generatorCpuSeconds) {
    private static final int LONGEST_SECONDS = 100;

    /// A histogram for latencies: nanoseconds to three digits.
    public static Histogram histogram() {
        return new Histogram(1000, LONGEST_SECONDS * 1_000_000_000L, 3);
    }

    /// Answers a second.
    public double rate() {
        return answered / seconds;
    }

    public double percentileMillis(double percentile) {
        return latencies.getValueAtPercentile(percentile) / 1e6;
    }

    String toJson() {
        return new JSONObject()
                .put("answered", answered)
                .put("errors", errors)
                .put("unanswered", unanswered)
                .put("seconds", seconds)
                .put("latencies", encode(latencies))
                .put("per_second", new JSONArray(perSecond))
                .put("generator_cpu_seconds", generatorCpuSeconds)
                .toString();
    }

    static LoadResult fromJson(String text) {
        var json = new JSONObject(text);
        return new LoadResult(
                json.getLong("answered"),
                json.getLong("errors"),
                json.getLong("unanswered"),
                json.getDouble("seconds"),
                decode(json.getString("latencies")),
                json.getJSONArray("per_second").toList().stream()
                        .mapToInt(each -> (int) each)
                        .toArray(),
                json.getDouble("generator_cpu_seconds"));
    }

    /// HdrHistogram's own compressed form, as text.
    public static String encode(Histogram histogram) {
        var buffer = ByteBuffer.allocate(histogram.getNeededByteBufferCapacity());
        int length = histogram.encodeIntoCompressedByteBuffer(buffer);
        return Base64.getEncoder().encodeToString(Arrays.copyOf(buffer.array(), length));
    }

    public static Histogram decode(String text) {
        try {
            var bytes = ByteBuffer.wrap(Base64.getDecoder().decode(text));
            return Histogram.decodeFromCompressedByteBuffer(bytes, 0);
        } catch (DataFormatException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
