package lab.bench;

import common.Resource;
import common.WebServer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import lab.load.Ballots;
import lab.load.Bed.Peer;
import lab.load.Fork;
import lab.load.Load;
import lab.load.Usage;
import lab.load.Viewers.Seen;
import lab.load.Viewers.Watch;
import lab.report.Measure;
import lab.stack.Await;
import lab.stack.Service;
import result.ResultServer;

/// The result page: what a look at the standing costs with few and with many votes stored, how many looks a second
/// it gives out, and how long thousands of viewers wait for news.
final class ResultBench extends Suite {
    /// Fewer where our JVM has no descriptors or no heap for them: a page holds the requests of half its connections.
    private static final int VIEWERS = (int) Math.min(10_000, WebServer.MAX_CONNECTIONS / 2 - 50);

    private static final int QUERIES = 20;
    private static final String ORIGINAL = "peer: the original's query";

    /// A page takes as many connections as its heap has room for: so many viewers need more than compose gives.
    private static final List<String> ROOM_FOR_VIEWERS = List.of("-XX:+UseSerialGC", "-Xmx2g");

    @Override
    void run() throws Exception {
        bed.stack.startStores();
        Service result = bed.start("result");
        Service vote = bed.start("vote");
        bed.start("worker"); // from the beginning: without one, reading the standing looks for who holds locks
        standing();
        looks(result);
        result.stop();
        viewers(vote, bed.stack.start("result", ROOM_FOR_VIEWERS, Map.of()));
    }

    private void standing() throws Exception {
        var ballots = new Ballots();
        List<Measure> levels = new ArrayList<>();
        for (int level : Pace.STORED) {
            ballots.fill(bed.stack.postgres, level);
            bed.settle();
            Measure millis = measure("reading the standing, %,d votes stored".formatted(level), "ms");
            String standing = Resource.text(ResultServer.class, "standing.sql");
            var ours = new Variant(OURS, name -> millis.add(name, millis(standing)));
            var original = new Variant(ORIGINAL, name -> millis.add(name, millis(OriginalWorker.COUNT)));
            interleave(millis.name, List.of(ours, ours.again(), original));
            levels.add(millis);
        }
        double growth = levels.getLast().median(OURS) / levels.getFirst().median(OURS);
        report.atMost(1.5, "result, " + levels.getLast().name + " / none", List.of(growth));
    }

    /// How long a query takes that is prepared, as ours is, once the cache is warm.
    private double millis(String query) throws SQLException {
        try (Connection connection = bed.stack.postgres.connect();
                PreparedStatement statement = connection.prepareStatement(query)) {
            List<Double> millis = new ArrayList<>();
            for (int i = 0; i < 2 * QUERIES; i++) {
                long start = System.nanoTime();
                statement.executeQuery().close(); // the driver has all rows by then
                millis.add((System.nanoTime() - start) / 1e6);
            }
            return Measure.median(millis.subList(QUERIES, 2 * QUERIES));
        }
    }

    private void looks(Service result) throws Exception {
        Peer page = Peer.of(result);
        Peer handler = bed.peer("result", new EmptyHandler(result.get("results").body()));
        warm(page, "GET /results");
        warm(handler, "GET /results");
        Measure rate = measure("GET /results, 64 connections", "answers/s");
        Measure cpu = measure("processor time of the page an answer", "µs");
        var ours = new Variant(OURS, name -> saturate(name, page, "GET /results", CONNECTIONS, rate, cpu));
        var empty = new Variant(EMPTY, name -> saturate(name, handler, "GET /results", CONNECTIONS, rate, cpu));
        interleave(rate.name, List.of(ours, ours.again(), empty));
        atLeast(0.8, rate, OURS, EMPTY);
    }

    /// Thousands of held requests, with nobody else voting and with others voting all the time.
    private void viewers(Service vote, Service result) throws Exception {
        String viewers = "%,d viewers".formatted(VIEWERS);
        double before = Usage.of(result.process()).memoryMegabytes();
        Measure memory = measure(viewers + ": memory of the page a viewer", "KB");
        Variant quiet = new Variant("nobody else votes", name -> {
            Await.until("the requests of those who left have ended", () -> result.metric("polls_held") == 0);
            Seen seen = Fork.result(new Watch(vote.port(), result.port(), VIEWERS, pace.clicks() / 10));
            memory.add(name, (Usage.of(result.process()).memoryMegabytes() - before) * 1024 / VIEWERS);
            percentiles(viewers + ": click to visible", name, seen.latencies(), 50, 99);
            return percentiles(viewers + ": click to visible for the last", name, seen.lastLatencies(), 50, 100);
        });
        var others = new Load(vote.port(), "votes", CONNECTIONS, 100, 0, 300); // longer than a sample takes
        Variant busy = new Variant("100 others vote a second", name -> {
            try (var _ = Fork.start(Fork.FLAGS, others)) {
                return quiet.sample().apply(name);
            }
        });
        interleave(viewers, List.of(quiet, busy));
    }
}
