package lab.load;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.HdrHistogram.Histogram;

/// Sends a [Load] to a server on this machine and measures the answers; honest and cheap, because it shares the
/// processors with what it measures.
///
/// At a given rate every request is due at a moment fixed beforehand, and its latency counts from that moment,
/// even if it could not be sent because the server had stalled and all connections were busy. A generator that
/// waits for answers before it sends goes quiet just when the server is slow, and its percentiles do not show it
/// ("coordinated omission"). Two threads: this one receives, `send` keeps the schedule.
final class Generator {
    private static final long PATIENCE_NANOS = 5_000_000_000L;

    private final Load load;
    private final Supplier<byte[]> requests;
    private final Selector selector = Selector.open();
    private final BlockingQueue<Connection> idle = new LinkedBlockingQueue<>();
    private final Set<Connection> busy = ConcurrentHashMap.newKeySet();
    private final LongAdder errors = new LongAdder();
    private final Histogram[] latencies;
    private final int[] perSecond;
    private final long start;
    private final long measureFrom;
    private final long end;
    private long neverSent;
    private volatile boolean sending = true;

    Generator(Load load) throws IOException {
        this.load = load;
        this.requests = load.requests();
        this.latencies = LoadResult.intervals(load.seconds());
        this.perSecond = new int[(int) Math.ceil(load.seconds())];
        for (int i = 0; i < load.connections(); i++) {
            idle.add(new Connection(load.port(), selector));
        }
        this.start = System.nanoTime();
        this.measureFrom = start + Math.round(load.warmupSeconds() * 1e9);
        this.end = measureFrom + Math.round(load.seconds() * 1e9);
    }

    LoadResult run() throws IOException, InterruptedException {
        double cpu = Usage.own();
        if (load.rate() == 0) {
            Set.copyOf(idle).forEach(connection -> send(connection, System.nanoTime()));
        }
        Thread sender = Thread.ofPlatform().name("send").start(this::keepSchedule);
        while ((sending || !busy.isEmpty()) && System.nanoTime() < end + PATIENCE_NANOS) {
            selector.select(this::receive, 100);
        }
        sender.interrupt();
        sender.join();
        double share = load.seconds() / (load.seconds() + load.warmupSeconds());
        long now = System.nanoTime();
        busy.forEach(connection -> record(connection.due, now));
        for (long i = 0; i < neverSent; i++) { // the last ones of the schedule
            record(end - (i + 1) * 1_000_000_000 / load.rate(), now);
        }
        selector.close();
        long unanswered = busy.size() + neverSent;
        return new LoadResult(
                errors.sum(), unanswered, load.seconds(), latencies, perSecond, (Usage.own() - cpu) * share);
    }

    private void keepSchedule() {
        neverSent = Math.round((load.warmupSeconds() + load.seconds()) * load.rate());
        try {
            for (long i = 0; neverSent > 0; i++, neverSent--) {
                long due = start + i * 1_000_000_000 / load.rate();
                for (long wait = due - System.nanoTime(); wait > 0; wait = due - System.nanoTime()) {
                    LockSupport.parkNanos(wait);
                }
                send(idle.take(), due);
            }
        } catch (InterruptedException _) {
            // the patience is over
        } finally {
            sending = false;
            selector.wakeup();
        }
    }

    private void send(Connection connection, long due) {
        connection.due = due;
        busy.add(connection);
        try {
            connection.send(requests.get());
        } catch (IOException _) {
            broken(connection);
        }
    }

    private void receive(SelectionKey key) {
        Connection connection = (Connection) key.attachment();
        try {
            if (connection.receive()) {
                answered(connection);
            }
        } catch (IOException _) {
            broken(connection);
        }
    }

    private void answered(Connection connection) {
        busy.remove(connection);
        long now = System.nanoTime();
        if (!connection.isGood()) {
            errors.increment();
        } else {
            if (connection.due >= measureFrom) {
                record(connection.due, now);
            }
            if (measureFrom <= now && now < end) {
                perSecond[(int) ((now - measureFrom) / 1_000_000_000)]++;
            }
        }
        goOn(connection);
    }

    private void goOn(Connection connection) {
        if (load.rate() > 0) {
            idle.add(connection);
        } else if (System.nanoTime() < end) {
            send(connection, System.nanoTime());
        }
    }

    /// Counts an error and goes on with a new connection; if there is none to be had, with one less.
    private void broken(Connection connection) {
        errors.increment();
        busy.remove(connection);
        try {
            connection.channel.close();
            goOn(new Connection(load.port(), selector));
        } catch (IOException _) {
            errors.increment();
        }
    }

    private void record(long due, long now) {
        LoadResult.record(latencies, due - measureFrom, now - due);
    }
}
