package lab.load;

import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.HdrHistogram.Histogram;
import org.json.JSONObject;

/// People who watch the result page, each with a request held open for news, and one who now and then votes for an
/// option that nobody else votes for: how long from that click until each of them sees it.
public final class Viewers {
    private static final long PATIENCE_NANOS = 10_000_000_000L;

    /// @param clicks how often somebody votes, 20 to 200 ms after everybody has seen the last one
    public record Watch(int votePort, int resultPort, int viewers, int clicks) implements Fork.Work<Seen> {
        @Override
        public Seen work() throws IOException {
            return new Viewers(this).run();
        }
    }

    /// Who does not see a click within ten seconds is in here with these.
    ///
    /// @param latencies one a viewer and click, in nanoseconds from sending the vote to receiving the news
    /// @param lastLatencies one a click: when the last viewer saw it
    public record Seen(Histogram latencies, Histogram lastLatencies) implements Serializable {}

    private final Watch watch;
    private final Selector selector = Selector.open();
    private Connection voter;
    private final Set<Connection> informed = new HashSet<>(); // who has seen the last click, and who clicked
    private final Seen seen = new Seen(LoadResult.histogram(), LoadResult.histogram());
    private long clickedAt = System.nanoTime();
    private long lastSeenAt;
    private long votes; // for the option, when the last click counts

    // what was read last: everybody gets the same, which need be parsed once only
    private String news = "";
    private long votesInNews;
    private byte[] askForMore;

    private Viewers(Watch watch) throws IOException {
        this.watch = watch;
        for (int i = 0; i < watch.viewers(); i++) {
            // asks at once: a server does not keep silent connections for long
            new Connection(watch.resultPort(), selector).send(Load.request("GET /results", "", ""));
        }
    }

    private Seen run() throws IOException {
        selectWhile(() -> informed.size() < watch.viewers(), PATIENCE_NANOS);
        seen.latencies.reset();
        votes = votesInNews;
        voter = new Connection(watch.votePort(), selector);
        var random = new Random(1);
        for (int i = 0; i < watch.clicks(); i++) {
            selectWhile(() -> true, random.nextLong(20_000_000, 200_000_000));
            click();
        }
        return seen;
    }

    private void click() throws IOException {
        votes++;
        informed.clear();
        clickedAt = System.nanoTime();
        voter.send(Load.vote("", "c"));
        selectWhile(() -> informed.size() <= watch.viewers(), PATIENCE_NANOS);
        for (int i = informed.size(); i <= watch.viewers(); i++) {
            lastSeenAt = clickedAt + PATIENCE_NANOS;
            seen.latencies.recordValue(PATIENCE_NANOS);
        }
        seen.lastLatencies.recordValue(lastSeenAt - clickedAt);
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
                throw new IllegalStateException("A bad answer: " + connection.body());
            }
            if (connection == voter) {
                informed.add(voter);
            } else {
                inform(connection);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("A connection broke", e);
        }
    }

    private void inform(Connection viewer) throws IOException {
        long now = System.nanoTime();
        String body = viewer.body();
        if (!body.equals(news)) {
            var json = new JSONObject(body);
            news = body;
            votesInNews = ((Number) json.query("/options/2/votes")).longValue();
            askForMore = Load.request("GET /results?after=" + json.getString("version"), "", "");
        }
        if (votesInNews >= votes && informed.add(viewer)) {
            lastSeenAt = now;
            seen.latencies.recordValue(now - clickedAt);
        }
        viewer.send(askForMore);
    }
}
