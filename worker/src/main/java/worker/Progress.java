package worker;

import common.Log;
import common.Metrics;

/// What the log and the metrics tell of the work. The log has a line a second at most.
final class Progress {
    private static final long SECOND = 1_000_000_000;

    private final String about;
    private final Metrics metrics;
    private volatile long waiting;

    private long said = System.nanoTime() - SECOND;
    private long stored;
    private long rejected;
    private String reason;

    Progress(String list, String about, Metrics metrics) {
        this.about = about;
        this.metrics = metrics;
        metrics.gauge("votes_waiting{list=\"" + list + "\"}", () -> waiting); // behind the last batch
    }

    void add(Batch batch) {
        int rejects = batch.rejected().size();
        int votes = batch.size() - rejects;
        waiting = batch.behind();
        stored += votes;
        rejected += rejects;
        metrics.counter("votes_stored_total").add(votes);
        metrics.counter("votes_rejected_total").add(rejects);
        metrics.counter("store_batches_total").add(batch.size() == 0 ? 0 : 1); // transactions
        if (rejects > 0) {
            reason = batch.rejected().getLast().reason();
        }
    }

    void report() {
        if (stored + rejected == 0 || System.nanoTime() - said < SECOND) {
            return;
        }
        String no = rejected == 0 ? "" : ", rejected %,d (%s)".formatted(rejected, reason);
        Log.info("Stored %,d%s, %,d waiting%s", stored, no, waiting, about);
        said = System.nanoTime();
        stored = 0;
        rejected = 0;
    }
}
