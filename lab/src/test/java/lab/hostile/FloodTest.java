package lab.hostile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.LongAdder;
import lab.hostile.RawClient.Answer;
import lab.stack.Await;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A flood for `flood.seconds`: half of 1,000 connections vote, the others do harm, all with 64 MB of heap in vote and
/// result. Every vote that was acknowledged is stored in the end, and others are served meanwhile.
class FloodTest {
    private static final long NANOS = Integer.getInteger("flood.seconds", 8) * 1_000_000_000L;
    private static final int CONNECTIONS = 1000;

    private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
    private final Map<Integer, LongAdder> answers = new ConcurrentHashMap<>();

    private int turnedAway;

    @Test
    void goodVotesAreAllStored(@TempDir Path data) throws Exception {
        List<HttpCase> hostile = HttpCase.all().stream()
                .filter(each -> each.bytes().length() < 20_000) // or it is a test of the generator's memory
                .toList();
        try (var house =
                new House(data, Map.of("OPTIONS", HttpCase.OPTIONS), List.of("-Xmx64m"), "vote", "worker", "result")) {
            long end = System.nanoTime() + NANOS;
            List<Double> others = new ArrayList<>();
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int i = 0; i < CONNECTIONS; i++) {
                    int seed = i;
                    threads.submit(() -> {
                        if (seed % 2 == 0) {
                            voteUntil(end, house.port("vote"));
                        } else {
                            harmUntil(end, house, hostile, new Random(seed));
                        }
                        return null;
                    });
                }
                while (System.nanoTime() < end) {
                    for (String service : List.of("vote", "result")) {
                        long asked = System.nanoTime();
                        Await.until(service + " answers others", () -> served(house.port(service)));
                        others.add((System.nanoTime() - asked) / 1e6);
                    }
                }
            }
            Await.until("the queue is worked off", () -> stored(house).containsAll(acknowledged));
            assertTrue(acknowledged.size() > 100, "only " + acknowledged.size() + " votes were taken");
            assertEquals(
                    0, house.log.stream().filter(line -> line.contains("\tat ")).count());
            Collections.sort(others);
            System.out.printf(
                    "Flood of %d s over %,d connections: answers %s; %,d voters acknowledged, all stored; "
                            + "others: %,d pages after %d times no room, median %.0f ms, 99th percentile %.0f ms; peak RSS vote %s, result %s%n",
                    NANOS / 1_000_000_000,
                    CONNECTIONS,
                    new java.util.TreeMap<>(answers),
                    acknowledged.size(),
                    others.size(),
                    turnedAway,
                    others.get(others.size() / 2),
                    others.get(others.size() * 99 / 100),
                    OverloadTest.peakMemory(house.service("vote").process().pid()),
                    OverloadTest.peakMemory(house.service("result").process().pid()));
        }
    }

    /// One more client; where there is no room for it, it is closed at once, and tries again as a browser would.
    private boolean served(int port) {
        try {
            int status = RawClient.ask(port, RawClient.get("/")).status();
            assertTrue(status == 200 || status == 0, "others got " + status);
            turnedAway += status == 200 ? 0 : 1;
            return status == 200;
        } catch (IOException _) {
            turnedAway++;
            return false;
        }
    }

    /// New voters on one connection for as long as it lives, then on another.
    private void voteUntil(long end, int port) {
        while (System.nanoTime() < end) {
            try (var client = new RawClient(port)) {
                Answer answer = client.send(RawClient.post("vote=a")).read();
                while (answer.status() == 200) {
                    acknowledged.add(answer.cookie("voter_id"));
                    count(answer);
                    if (System.nanoTime() > end) {
                        return;
                    }
                    answer = client.send(RawClient.post("vote=b")).read();
                }
                count(answer);
            } catch (IOException _) {
                count(Answer.CLOSED);
            }
        }
    }

    private void harmUntil(long end, House house, List<HttpCase> hostile, Random random) {
        while (System.nanoTime() < end) {
            HttpCase harm = hostile.get(random.nextInt(hostile.size()));
            try (var client = new RawClient(house.port(harm.service()))) {
                client.send(harm.bytes());
                if (random.nextInt(10) > 0) { // one in ten does not wait for what it gets
                    count(client.read(harm.bytes().startsWith("HEAD ")));
                }
            } catch (IOException _) {
                count(Answer.CLOSED);
            }
        }
    }

    private void count(Answer answer) {
        answers.computeIfAbsent(answer.status(), _ -> new LongAdder()).increment();
    }

    private static Set<String> stored(House house) throws SQLException {
        try (Connection connection = house.stack.postgres().connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT id FROM votes")) {
            Set<String> ids = new HashSet<>();
            while (rows.next()) {
                ids.add(rows.getString(1));
            }
            return ids;
        }
    }
}
