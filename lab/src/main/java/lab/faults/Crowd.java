package lab.faults;

import java.io.IOException;
import java.net.ConnectException;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import lab.faults.Voter.Attempt;
import lab.faults.Voter.Outcome;
import lab.stack.Service;

/// A few hundred people at a time who vote over HTTP and change their minds. Half of them vote once; the others
/// fall silent after 2 to 26 votes: a wrong vote must not be hidden by the next one.
final class Crowd implements AutoCloseable {
    final Map<String, Voter> voters = new ConcurrentHashMap<>();
    private final List<Service> pages;
    private final long seed;
    private final long start = System.nanoTime();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private volatile boolean stopping;

    Crowd(List<Service> pages, long seed) {
        this.pages = pages;
        this.seed = seed;
    }

    /// In milliseconds of the run.
    long now() {
        return (System.nanoTime() - start) / 1_000_000;
    }

    long count(Outcome outcome) {
        return voters.values().stream()
                .flatMap(voter -> voter.attempts().stream())
                .filter(attempt -> attempt.outcome() == outcome)
                .count();
    }

    void start(int atATime) {
        for (int i = 0; i < atATime; i++) {
            var random = new Random(seed * 1_000_003 + i);
            threads.execute(() -> voteOn(random));
        }
    }

    private void voteOn(Random random) {
        try {
            while (!stopping) {
                Voter voter = newVoter(random);
                int votes = random.nextBoolean() ? 1 : 2 + random.nextInt(25);
                for (int i = 0; i < votes && !stopping; i++) {
                    vote(voter, pages.get(random.nextInt(pages.size())));
                    Thread.sleep(random.nextInt(1000)); // thinks it over
                }
            }
        } catch (InterruptedException _) {
            // the run is over
        }
    }

    Voter newVoter(Random random) {
        var voter = new Voter("%016x%08x".formatted(random.nextLong(), voters.size()), new CopyOnWriteArrayList<>());
        voters.put(voter.id(), voter);
        return voter;
    }

    Outcome vote(Voter voter, Service page) throws InterruptedException {
        String vote = voter.nextVote();
        long sent = now();
        Outcome outcome;
        try {
            int status = page.vote(vote, "Cookie", "voter_id=" + voter.id()).statusCode();
            outcome = status == 200 ? Outcome.ACKNOWLEDGED : Outcome.REFUSED;
        } catch (ConnectException _) {
            outcome = Outcome.UNDELIVERED;
        } catch (IOException _) {
            outcome = Outcome.UNANSWERED;
        }
        voter.attempts().add(new Attempt(vote, sent, now(), outcome));
        return outcome;
    }

    /// Everybody goes home; returns when the last answer has come, or will come no more.
    void stop() {
        stopping = true;
        threads.close();
    }

    @Override
    public void close() {
        stopping = true;
        threads.shutdownNow();
    }
}
