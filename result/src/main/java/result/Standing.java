package result;

import common.Options;
import common.Options.Option;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.json.JSONArray;
import org.json.JSONObject;

/// How the vote stands, and what it takes to trust that: is the database there, does a worker work, do votes wait.
///
/// @param total votes for the options of this page
/// @param others votes for options that only other pages know, while they are changed
record Standing(String title, List<Line> lines, long total, long others, Queue queue, boolean database) {
    /// One option's votes, and its share in tenths of a percent.
    record Line(Option option, long votes, int permille) {
        String percent() {
            return permille / 10 + "." + permille % 10;
        }
    }

    /// What is known of the way between the ballot and the table.
    ///
    /// @param stored messages worked off so far, those included by which a voter changed his mind
    /// @param waiting messages in the queue behind them, or null: only a worker that reaches the queue can tell
    /// @param storedAt when a worker last stored votes, or null
    /// @param worker whether one of our workers was lately heard of, or votes have appeared, by whomever
    /// @param heldUp whether one was heard of, and does not reach the queue
    /// @param silent the lists of which no worker was heard of, while there is one for others; or null
    record Queue(long stored, Long waiting, Instant storedAt, boolean worker, boolean heldUp, String silent) {
        static final Queue UNKNOWN = new Queue(0, null, null, false, false, null);
    }

    /// What is known before the database has been read for the first time.
    static Standing unknown(Options options) {
        return of(options, Map.of(), Queue.UNKNOWN).unreachable();
    }

    /// @param votes how many there are for each key
    static Standing of(Options options, Map<String, Long> votes, Queue queue) {
        long[] counts = options.list().stream()
                .mapToLong(option -> votes.getOrDefault(option.key(), 0L))
                .toArray();
        int[] shares = shares(counts);
        List<Line> lines = IntStream.range(0, counts.length)
                .mapToObj(i -> new Line(options.list().get(i), counts[i], shares[i]))
                .toList();
        long total = LongStream.of(counts).sum();
        long all = votes.values().stream().mapToLong(Long::longValue).sum();
        return new Standing(options.title(), lines, total, all - total, queue, true);
    }

    /// Tenths of a percent by the method of the largest remainder, so that what is shown adds up to 100.0.
    static int[] shares(long[] counts) {
        long total = LongStream.of(counts).sum();
        if (total == 0) {
            return new int[counts.length];
        }
        int[] shares = LongStream.of(counts)
                .mapToInt(count -> (int) (count * 1000 / total))
                .toArray();
        IntStream.range(0, counts.length)
                .boxed()
                .sorted(Comparator.comparingLong(i -> -(counts[i] * 1000 % total)))
                .limit(Math.max(0, 1000 - IntStream.of(shares).sum()))
                .forEach(i -> shares[i]++);
        return shares;
    }

    /// The same votes, but the database that they were read from does not answer any more.
    Standing unreachable() {
        var before = new Queue(queue.stored, null, queue.storedAt, false, false, null);
        return new Standing(title, lines, total, others, before, false);
    }

    /// What keeps the standing from being true and live, in a sentence for whoever looks at it; empty if nothing does.
    String trouble() {
        if (!database) {
            return total == 0
                    ? "The database cannot be reached, so nobody knows how the vote stands."
                    : "The database cannot be reached. This is how the vote stood before.";
        }
        if (!queue.worker) {
            return "No worker is heard of. What waits in the queue is counted when one is back.";
        }
        if (queue.silent != null) {
            return "No worker is heard of for " + queue.silent + ". What waits there is counted when one is back.";
        }
        if (queue.heldUp) {
            return "The worker is held up, and its log says why. What waits is counted as soon as it goes on.";
        }
        return others == 0 ? "" : "Votes for options that this page does not know: %,d.".formatted(others);
    }

    /// All that can change, so that it is the same for the same standing on every replica and after a restart.
    String version() {
        var votes = lines.stream().map(Line::votes).toList();
        var labels = lines.stream().map(line -> line.option.label()).toList();
        int poll = List.of(title, labels).hashCode(); // a replica may have another
        return (votes + "" + others + queue + database + poll).replaceAll("[^\\w.:-]+", "-");
    }

    JSONObject toJson() {
        var options = new JSONArray();
        for (Line line : lines) {
            options.put(new JSONObject()
                    .put("key", line.option.key())
                    .put("label", line.option.label())
                    .put("votes", line.votes)
                    .put("share", line.permille / 10.0));
        }
        return new JSONObject()
                .put("title", title)
                .put("options", options)
                .put("total", total)
                .put("others", others)
                .put("stored", queue.stored)
                .put("stored_at", queue.storedAt == null ? JSONObject.NULL : queue.storedAt.toString())
                .put("waiting", queue.waiting == null ? JSONObject.NULL : queue.waiting)
                .put("worker", queue.worker)
                .put("database", database)
                .put("trouble", trouble())
                .put("version", version());
    }
}
