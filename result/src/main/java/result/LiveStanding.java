package result;

import common.Metrics;
import common.Response;
import common.WebServer;

/// The standing as it is now, and the requests that wait for the next one: a monitor.
final class LiveStanding {
    private static final long LONGEST_POLL_NANOS = 25_000_000_000L; // proxies and browsers give up after 30 or 60 s

    /// A client that has gone away is noticed only when it is answered, and others need its connection.
    private static final long MOST_HELD = WebServer.MAX_CONNECTIONS / 2;

    private Standing now;
    private String version;
    private Response json;
    private long arrived; // how many requests were held so far; each has its number
    private long released; // those up to this number are held no longer
    private volatile int held;
    private boolean stopping;

    LiveStanding(Standing first, Metrics metrics) {
        publish(first);
        metrics.gauge("polls_held", () -> held);
    }

    synchronized Standing now() {
        return now;
    }

    /// The standing as JSON, as soon as its version is not `known`: at once if that is null. After 25 seconds it is the
    /// one that is known; sooner if too many wait, for then the older half of them goes.
    synchronized Response after(String known) throws InterruptedException {
        long number = ++arrived;
        long deadline = System.nanoTime() + LONGEST_POLL_NANOS;
        held++;
        if (held > MOST_HELD) {
            released = number - MOST_HELD / 2;
            notifyAll();
        }
        try {
            long left = LONGEST_POLL_NANOS;
            while (version.equals(known) && number > released && left > 0 && !stopping) {
                wait(left / 1_000_000 + 1);
                left = deadline - System.nanoTime();
            }
            return json;
        } finally {
            held--;
        }
    }

    /// Answers all who wait, if this is another standing.
    synchronized void publish(Standing next) {
        if (!next.version().equals(version)) {
            now = next;
            version = next.version();
            json = Response.of(200, "application/json", next.toJson().toString());
            notifyAll();
        }
    }

    /// Lets everybody go who waits, and nobody wait any more.
    synchronized void stop() {
        stopping = true;
        notifyAll();
    }
}
