package result;

import common.Options;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.json.JSONArray;
import org.json.JSONObject;

/// How the vote stands, and whether what it says can be trusted: is the database there, is a worker running, does
/// anything wait.
record Standing(List<Line> lines, long total, Queue queue, boolean database) {
    /// One option's votes, and its share in tenths of a percent; the shares of all lines add up to 1,000 unless
    /// nobody voted.
    record Line(String key, String label, long votes, int permille) {
        String percent() {
            return permille / 10 + "." + permille % 10;
        }
    }

    /// What the worker last said of the way between the ballot and the table.
    ///
    /// @param stored votes stored so far, those included by which a voter changed his mind
    /// @param waiting votes in the queue behind them
    /// @param storedAt when a worker last stored votes, or null
    /// @param worker whether one is running
    record Queue(long stored, long waiting, Instant storedAt, boolean worker) {
        static final Queue UNKNOWN = new Queue(0, 0, null, false);
    }

    /// What is known before the database has been read for the first time.
    static Standing unknown(Options options) {
        return of(options, Map.of(), Queue.UNKNOWN).unreachable();
    }

    static Standing of(Options options, Map<String, Long> votes, Queue queue) {
        long[] counts = options.list().stream()
                .mapToLong(option -> votes.getOrDefault(option.key(), 0L))
                .toArray();
        int[] shares = shares(counts);
        List<Line> lines = new ArrayList<>();
        long total = 0;
        for (int i = 0; i < counts.length; i++) {
            var option = options.list().get(i);
            lines.add(new Line(option.key(), option.label(), counts[i], shares[i]));
            total += counts[i];
        }
        return new Standing(List.copyOf(lines), total, queue, true);
    }

    /// Tenths of a percent by the method of the largest remainder, so that what is shown adds up to 100.0.
    static int[] shares(long[] counts) {
        long total = 0;
        for (long count : counts) {
            total += count;
        }
        int[] shares = new int[counts.length];
        if (total == 0) {
            return shares;
        }
        List<Integer> byRemainder = new ArrayList<>();
        int left = 1000;
        for (int i = 0; i < counts.length; i++) {
            shares[i] = (int) (counts[i] * 1000 / total);
            left -= shares[i];
            byRemainder.add(i);
        }
        long sum = total;
        byRemainder.sort(Comparator.comparingLong(i -> -(counts[i] * 1000 % sum)));
        for (int i = 0; i < left; i++) {
            shares[byRemainder.get(i)]++;
        }
        return shares;
    }

    /// The same votes, but the database that they were read from does not answer any more.
    Standing unreachable() {
        return new Standing(lines, total, queue, false);
    }

    /// What keeps the standing from being true and live, in a sentence for whoever looks at it; empty if nothing does.
    String trouble() {
        if (!database) {
            return total == 0
                    ? "The database cannot be reached, so nobody knows how the vote stands."
                    : "The database cannot be reached. This is how the vote stood before.";
        }
        return queue.worker ? "" : "No worker is running. Votes stay in the queue and are counted when one is back.";
    }

    /// Only a running worker knows how long the queue is.
    boolean waitingIsKnown() {
        return database && queue.worker;
    }

    JSONObject toJson() {
        var options = new JSONArray();
        for (Line line : lines) {
            options.put(new JSONObject()
                    .put("key", line.key)
                    .put("label", line.label)
                    .put("votes", line.votes)
                    .put("share", line.permille / 10.0));
        }
        return new JSONObject()
                .put("options", options)
                .put("total", total)
                .put("stored", queue.stored)
                .put("stored_at", queue.storedAt == null ? JSONObject.NULL : queue.storedAt.toString())
                .put("waiting", waitingIsKnown() ? queue.waiting : JSONObject.NULL)
                .put("worker", queue.worker)
                .put("database", database)
                .put("trouble", trouble());
    }

    /// A line of headings and a line an option, as RFC 4180 has it.
    String toCsv() {
        var csv = new StringBuilder("key,option,votes,percent\r\n");
        for (Line line : lines) {
            csv.append("%s,\"%s\",%d,%s\r\n"
                    .formatted(line.key, line.label.replace("\"", "\"\""), line.votes, line.percent()));
        }
        return csv.toString();
    }
}
