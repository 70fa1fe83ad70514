package worker;

import common.Log;
import common.Metrics;
import common.Vote;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/// What the log and the metrics tell of the work: a line a vote while it is quiet, one line a second under load.
final class Progress {
    private static final int QUIET_LINES_A_SECOND = 10;

    private final LongAdder storedTotal;
    private final LongAdder rejectedTotal;
    private final LongAdder batchesTotal;
    private volatile long waiting;

    private long secondBegan = System.nanoTime();
    private int linesThisSecond;
    private long stored;
    private long rejected;

    Progress(Metrics metrics) {
        storedTotal = metrics.counter("votes_stored_total", "Votes committed to PostgreSQL");
        rejectedTotal = metrics.counter("votes_rejected_total", "Messages that were no vote");
        batchesTotal = metrics.counter("store_batches_total", "Transactions that stored them");
        metrics.gauge("votes_waiting", "Messages behind the last batch", () -> waiting);
    }

    void stored(Batch batch, List<Rejected> allRejected, long behind) {
        int votes = batch.votes().size() + batch.rejected().size() - allRejected.size();
        storedTotal.add(votes);
        rejectedTotal.add(allRejected.size());
        batchesTotal.increment();
        waiting = behind;
        report();
        if (linesThisSecond + votes + allRejected.size() <= QUIET_LINES_A_SECOND && stored + rejected == 0) {
            batch.votes().forEach(Progress::line);
            allRejected.forEach(each -> Log.info("Rejected a message: %s", each.reason()));
            linesThisSecond += votes + allRejected.size();
        } else {
            stored += votes;
            rejected += allRejected.size();
        }
    }

    private static void line(Vote vote) {
        String id = vote.voterId();
        Log.info(
                "Stored vote '%s' of voter …%s",
                vote.option(), id.substring(Math.max(id.length() / 2, id.length() - 4)));
    }

    /// Says what has gathered since the last line, at most once a second.
    void report() {
        if (System.nanoTime() - secondBegan < 1_000_000_000) {
            return;
        }
        if (stored + rejected > 0) {
            Log.info("Stored %,d votes%s, %,d waiting", stored, rejected > 0 ? ", rejected " + rejected : "", waiting);
        }
        secondBegan = System.nanoTime();
        linesThisSecond = 0;
        stored = 0;
        rejected = 0;
    }
}
