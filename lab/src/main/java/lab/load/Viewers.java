package lab.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
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
    public record Watch(int votePort, int resultPort, int viewers, int clicks) {
        String toJson() {
            return new JSONObject(this).toString();
        }

        static Watch fromJson(String text) {
            var json = new JSONObject(text);
            return new Watch(
                    json.getInt("votePort"), json.getInt("resultPort"), json.getInt("viewers"), json.getInt("clicks"));
        }
    }

    /// @param latencies one a viewer and click, in nanoseconds from sending the vote to receiving the news
    /// @param lastLatencies one a click: when the last viewer saw it
    /// @param missed viewers who did not see a click within ten seconds
    /// @param answers all news that came, because of clicks or otherwise
    public record Seen(Histogram latencies, Histogram lastLatencies, long missed, long answers, double seconds) {
        String toJson() {
            return new JSONObject()
                    .put("latencies", LoadResult.encode(latencies))
                    .put("last", LoadResult.encode(lastLatencies))
                    .put("missed", missed)
                    .put("answers", answers)
                    .put("seconds", seconds)
                    .toString();
        }

        static Seen fromJson(String text) {
            var json = new JSONObject(text);
            return new Seen(
                    LoadResult.decode(json.getString("latencies")),
                    LoadResult.decode(json.getString("last")),
                    json.getLong("missed"),
                    json.getLong("answers"),
                    json.getDouble("seconds"));
        }
    }

    private record News(byte[] body, String version, long clicks) {}

    private final Watch watch;
    private final Selector selector = Selector.open();
    private final List<Connection> viewers = new ArrayList<>();
    private final Map<Connection, Long> clicksSeen = new HashMap<>();
    private Connection voter;
    private final ByteBuffer click = Requests.vote(CLICKED);
    private final Random random = new Random(1);
    private final Histogram latencies = LoadResult.histogram();
    private final Histogram lastLatencies = LoadResult.histogram();

    /// What was read last: everybody gets the same news, which need be read once only.
    private News news = new News(new byte[0], "", 0);

    private ByteBuffer poll;
    private long clicked;
    private long clickedAt;
    private boolean voterWaits;
    private int seenBy;
    private long answers;

    private Viewers(Watch watch) throws IOException {
        this.watch = watch;
        ByteBuffer first = Requests.get("/results").next();
        for (int i = 0; i < watch.viewers(); i++) {
            Connection viewer = new Connection(watch.resultPort(), selector);
            viewers.add(viewer);
            viewer.send(first.rewind()); // at once: a server does not keep silent connections for long
        }
    }

    /// Watches from a process of its own.
    public static Seen fork(Watch watch) throws IOException, InterruptedException {
        return Seen.fromJson(Fork.output(Viewers.class, watch.toJson()));
    }

    static void main(String[] args) throws IOException {
        System.out.println(new Viewers(Watch.fromJson(args[0])).run().toJson());
    }

    private Seen run() throws IOException {
        selectWhile(() -> clicksSeen.size() < viewers.size());
        clicked = news.clicks();
        voter = new Connection(watch.votePort(), selector);
        long missed = 0;
        long start = System.nanoTime();
        answers = 0;
        for (int i = 0; i < watch.clicks(); i++) {
            pause(20 + random.nextInt(LONGEST_PAUSE_MILLIS - 20));
            clicked++;
            seenBy = 0;
            voterWaits = true;
            clickedAt = System.nanoTime();
            voter.send(click.rewind());
            selectWhile(() -> seenBy < viewers.size() || voterWaits);
            missed += viewers.size() - seenBy;
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        return new Seen(latencies, lastLatencies, missed, answers, seconds);
    }

    /// Keeps answering what comes meanwhile.
    private void pause(int millis) throws IOException {
        long end = System.nanoTime() + millis * 1_000_000L;
        for (long left = millis; left > 0; left = (end - System.nanoTime()) / 1_000_000) {
            selector.select(this::receive, left);
        }
    }

    private void selectWhile(BooleanSupplier condition) throws IOException {
        long giveUp = System.nanoTime() + PATIENCE_NANOS;
        while (condition.getAsBoolean() && System.nanoTime() < giveUp) {
            selector.select(this::receive, 100);
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
            throw new IllegalStateException("A connection broke", e);
        }
    }

    private void seen(Connection viewer) throws IOException {
        long now = System.nanoTime();
        answers++;
        if (!viewer.hasBody(news.body())) {
            read(viewer.body());
        }
        Long before = clicksSeen.put(viewer, news.clicks());
        if (before != null && before < clicked && news.clicks() >= clicked) {
            latencies.recordValue(now - clickedAt);
            if (++seenBy == viewers.size()) {
                lastLatencies.recordValue(now - clickedAt);
            }
        }
        viewer.send(poll.rewind());
    }

    private void read(String body) {
        var json = new JSONObject(body);
        long clicks = 0;
        for (Object option : json.getJSONArray("options")) {
            if (option instanceof JSONObject each && each.getString("key").equals(CLICKED)) {
                clicks = each.getLong("votes");
            }
        }
        news = new News(body.getBytes(), json.getString("version"), clicks);
        poll = Requests.get("/results?after=" + news.version()).next();
    }
}
