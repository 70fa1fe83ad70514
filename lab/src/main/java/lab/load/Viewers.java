package lab.load;

import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.function.BooleanSupplier;
import org.HdrHistogram.Histogram;
import org.json.JSONObject;

/// People who watch the result page, each with a request held open for news, and one who now and then votes for
/// the option that nobody else votes for: how long from that click until each of them sees it. Others may vote for
/// other options meanwhile.
public final class Viewers {
    private static final String CLICKED = "c";
    private static final long PATIENCE_NANOS = 10_000_000_000L;
    private static final int LONGEST_PAUSE_MILLIS = 200;

    /// @param clicks how often somebody votes, each time after everybody has seen the last one and a pause of 20 to 200
    ///     ms
    public record Watch(int votePort, int resultPort, int viewers, int clicks) implements Fork.Work<Seen> {
        @Override
        public Seen work() throws IOException {
            return new Viewers(this).run();
        }
    }

    /// @param latencies one a viewer and click, in nanoseconds from sending the vote to receiving the news
    /// @param lastLatencies one a click: when the last viewer saw it
    /// @param missed viewers who did not see a click within ten seconds
    /// @param answers all news that came, because of clicks or otherwise
    public record Seen(Histogram latencies, Histogram lastLatencies, long missed, long answers, double seconds)
            implements Serializable {}

    private final Watch watch;
    private final Selector selector = Selector.open();
    private final Map<Connection, Long> clicksSeen = new HashMap<>();
    private final Random random = new Random(1);
    private final Histogram latencies = LoadResult.histogram();
    private final Histogram lastLatencies = LoadResult.histogram();
    private Connection voter;

    // the news that was read last: everybody gets the same, which need be read once only
    private byte[] news = {};
    private ByteBuffer askForMore;
    private long clicks;

    private long clicked;
    private long clickedAt;
    private boolean voterWaits;
    private int seenBy;
    private long answers;

    private Viewers(Watch watch) throws IOException {
        this.watch = watch;
        ByteBuffer first = Requests.get("/results");
        for (int i = 0; i < watch.viewers(); i++) {
            // asks at once: a server does not keep silent connections for long
            new Connection(watch.resultPort(), selector).send(first.rewind());
        }
    }

    private Seen run() throws IOException {
        selectWhile(() -> clicksSeen.size() < watch.viewers(), PATIENCE_NANOS);
        clicked = clicks;
        voter = new Connection(watch.votePort(), selector);
        ByteBuffer click = Requests.vote("", CLICKED);
        long missed = 0;
        long start = System.nanoTime();
        answers = 0;
        for (int i = 0; i < watch.clicks(); i++) {
            long pauseMillis = 20 + random.nextInt(LONGEST_PAUSE_MILLIS - 20);
            selectWhile(() -> true, pauseMillis * 1_000_000);
            clicked++;
            seenBy = 0;
            voterWaits = true;
            clickedAt = System.nanoTime();
            voter.send(click.rewind());
            selectWhile(() -> seenBy < watch.viewers() || voterWaits, PATIENCE_NANOS);
            missed += watch.viewers() - seenBy;
        }
        return new Seen(latencies, lastLatencies, missed, answers, (System.nanoTime() - start) / 1e9);
    }

    /// Answers what comes while the condition holds, for so long at most.
    private void selectWhile(BooleanSupplier condition, long nanos) throws IOException {
        long end = System.nanoTime() + nanos;
        for (long left = nanos; condition.getAsBoolean() && left > 0; left = end - System.nanoTime()) {
            selector.select(this::receive, Math.clamp(left / 1_000_000, 1, 100));
        }
    }

    private void receive(SelectionKey key) {
        Connection connection = (Connection) key.attachment();
        try {
            if (!connection.receive()) {
                return;
            }
            if (!connection.isGood()) {
                throw new IllegalStateException("Answer " + connection.status() + ": " + connection.body());
            }
            if (connection == voter) {
                voterWaits = false;
            } else {
                seen(connection);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("A connection broke", e);
        }
    }

    private void seen(Connection viewer) throws IOException {
        long now = System.nanoTime();
        answers++;
        if (!viewer.hasBody(news)) {
            read(viewer.body());
        }
        Long before = clicksSeen.put(viewer, clicks);
        if (before != null && before < clicked && clicks >= clicked) {
            latencies.recordValue(now - clickedAt);
            if (++seenBy == watch.viewers()) {
                lastLatencies.recordValue(now - clickedAt);
            }
        }
        viewer.send(askForMore.rewind());
    }

    private void read(String body) {
        var json = new JSONObject(body);
        news = body.getBytes();
        askForMore = Requests.get("/results?after=" + json.getString("version"));
        clicks = 0;
        for (Object option : json.getJSONArray("options")) {
            if (option instanceof JSONObject each && each.getString("key").equals(CLICKED)) {
                clicks = each.getLong("votes");
            }
        }
    }
}
