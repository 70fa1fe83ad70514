package lab.faults;

import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import lab.faults.Voter.Attempt;
import lab.faults.Voter.Outcome;
import lab.stack.Await;
import lab.stack.Server;
import lab.stack.Service;
import org.json.JSONObject;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisException;

/// One run: a crowd votes, faults strike one after another, sometimes two at once, and in the end it is judged. The
/// same seed gives the same faults and voters; how the threads and processes interleave is as free as in life.
final class FaultRun {
    /// How many milliseconds after the part was back both pages had taken a vote again, and those were stored.
    record Recovery(long taken, long stored) {}

    private record Span(long from, long to) {}

    final Rig rig;
    final Crowd crowd;
    final Judge judge;
    final Map<Fault, List<Recovery>> recoveries = new EnumMap<>(Fault.class);
    private final Random random;
    private final List<Span> storms = new ArrayList<>();
    private final Map<String, Boolean> garbage = new ConcurrentHashMap<>();
    private final List<Fault> deck = new ArrayList<>();
    private final AtomicLong bitten = new AtomicLong();

    FaultRun(Rig rig, long seed) {
        this.rig = rig;
        this.random = new Random(seed);
        this.crowd = new Crowd(rig.pages, seed);
        this.judge = new Judge(crowd.voters, this::faultOver);
    }

    int faults() {
        return recoveries.values().stream().mapToInt(List::size).sum();
    }

    /// Lets so many people vote for so long under these faults, and judges.
    FaultRun run(int people, int seconds, List<Fault> faults) throws Exception {
        try (crowd) {
            crowd.start(people);
            while (crowd.now() < seconds * 1000L) {
                if (!faults.isEmpty()) {
                    strike(deal(faults));
                }
                Thread.sleep(random.nextInt(1000)); // between two faults
            }
            crowd.stop();
            awaitStored(voteUntilTaken()); // whoever appends does so in order: what is asked last comes last
            rig.stack.awaitEmptyQueue();
            judgeAll();
        } catch (IllegalStateException e) {
            judge.offences.add("it did not come back: " + e.getMessage());
        }
        return this;
    }

    /// From a shuffled deck, so that each fault has its turn; in one of four cases two of different parts at once.
    private List<Fault> deal(List<Fault> faults) {
        List<Fault> dealt = new ArrayList<>();
        for (int i = random.nextInt(4) == 0 ? 2 : 1; i > 0; i--) {
            if (deck.isEmpty()) {
                deck.addAll(faults);
                Collections.shuffle(deck, random);
            }
            if (dealt.isEmpty() || !dealt.getFirst().part.equals(deck.getFirst().part)) {
                dealt.add(deck.removeFirst());
            }
        }
        return dealt;
    }

    private void strike(List<Fault> faults) throws Exception {
        long from = crowd.now();
        storms.add(new Span(from, Long.MAX_VALUE / 2));
        bitten.set(0);
        try (var threads = Executors.newCachedThreadPool()) { // is left when all faults are over
            for (Fault fault : faults) {
                var own = new Random(random.nextLong());
                threads.execute(() -> strike(fault, own));
            }
        }
        bites();
        List<Voter> probes = voteUntilTaken();
        long taken = crowd.now() - bitten.get();
        storms.set(storms.size() - 1, new Span(from, crowd.now()));
        awaitStored(probes);
        var recovery = new Recovery(taken, crowd.now() - bitten.get());
        for (Fault fault : faults) {
            recoveries.computeIfAbsent(fault, _ -> new ArrayList<>()).add(recovery);
        }
        long votes = crowd.count(Outcome.ACKNOWLEDGED);
        System.out.printf("%4d s  %,9d votes acknowledged  %s%n", crowd.now() / 1000, votes, faults);
        rig.stack.heal();
        for (Server server : rig.stack.restartWhatEnded()) {
            judge.offences.add(server.name() + " ended by itself: see services.log");
        }
    }

    private void strike(Fault fault, Random own) {
        try {
            fault.strike.accept(new Strike(this, own));
        } catch (SQLException | JedisException _) {
            // the other fault was there before: there is nothing left to break
        } catch (Exception e) {
            judge.offences.add("%s %s could not be done: %s".formatted(fault.part, fault.kind, e));
        }
    }

    /// On each page, for each list.
    private List<Voter> voteUntilTaken() {
        List<Voter> probes = new ArrayList<>();
        List<String> lists = rig.stack.queue.lists();
        for (Service page : rig.pages) {
            for (String list : lists) {
                Await.until(page.address() + " takes a vote for " + list, () -> {
                    Voter voter = crowd.newVoter(random);
                    while (!lists.get(rig.stack.queue.partitionOf(voter.id())).equals(list)) {
                        voter = crowd.newVoter(random);
                    }
                    probes.add(voter);
                    return crowd.vote(voter, page) == Outcome.ACKNOWLEDGED;
                });
            }
        }
        probes.removeIf(voter -> voter.attempts().getLast().outcome() != Outcome.ACKNOWLEDGED);
        return probes;
    }

    /// Returns when these votes are stored; or lost, when all that waited was worked off, which the judge will find.
    private void awaitStored(List<Voter> voters) {
        for (Voter voter : voters) {
            String query = "SELECT vote FROM votes WHERE id = '" + voter.id() + "'";
            Await.until(
                    "an acknowledged vote is stored",
                    () -> rig.stack.isQueueEmpty() || rig.stack.postgres.value(query) != null);
        }
    }

    private long faultOver(Attempt attempt) {
        return storms.stream()
                .filter(storm -> storm.from <= attempt.answered() && attempt.sent() <= storm.to)
                .mapToLong(Span::to)
                .reduce(attempt.answered(), Math::max);
    }

    /// From now on, and not only from its end, is counted how long this fault keeps the system.
    void bites() {
        bitten.compareAndSet(0, crowd.now());
    }

    /// Messages that are no votes, in several ways.
    void pushGarbage(Random random) {
        List<String> forms = List.of(
                "garbage %d",
                "{\"voter_id\":\"%d\"",
                "{\"voter_id\":\"%d\",\"vote\":\"zz\"}",
                "{\"voter_id\":\"\\u0000%d\",\"vote\":\"a\"}",
                "\0%d",
                "{\"voter_id\":\"%d" + "x".repeat(256) + "\",\"vote\":\"a\"}");
        for (int i = random.nextInt(50); i >= 0; i--) {
            String message = forms.get(i % forms.size()).formatted(garbage.size());
            garbage.put(message, false);
            rig.stack.push(message);
            garbage.put(message, true);
        }
    }

    /// A vote that some other producer appends many times over.
    void pushDuplicates(Random random) {
        Voter voter = crowd.newVoter(new Random(garbage.size() + crowd.voters.size()));
        String vote = voter.nextVote();
        String message = "{\"voter_id\": \"%s\", \"vote\": \"%s\"}".formatted(voter.id(), vote);
        String[] messages = Collections.nCopies(2 + random.nextInt(9), message).toArray(String[]::new);
        long sent = crowd.now();
        Outcome outcome = Outcome.UNANSWERED;
        try {
            rig.stack.push(messages);
            rig.stack.push(messages);
            outcome = Outcome.ACKNOWLEDGED;
        } finally {
            voter.attempts().add(new Attempt(vote, sent, crowd.now(), outcome));
        }
    }

    private void judgeAll() throws SQLException {
        judge.votes(rig.table(), rig.seen());
        Map<String, String> counted = rig.stack.postgres.map("SELECT vote, count(*) FROM votes GROUP BY vote");
        Map<String, String> tally = rig.stack.postgres.map("SELECT vote, count FROM tally WHERE count <> 0");
        if (tally.equals(counted)) {
            Await.until("the result page shows the tally", () -> shown().equals(tally));
        }
        judge.counts(counted, tally);
        try (Jedis redis = rig.stack.connect("votes")) {
            judge.garbage(garbage, redis.lrange("{votes}:rejected", 0, -1));
        }
    }

    private Map<String, String> shown() throws IOException, InterruptedException {
        Map<String, String> shown = new HashMap<>();
        for (Object each : new JSONObject(rig.result.get("results").body()).getJSONArray("options")) {
            var option = (JSONObject) each;
            shown.put(option.getString("key"), option.get("votes").toString());
        }
        shown.values().removeIf("0"::equals);
        return shown;
    }
}
