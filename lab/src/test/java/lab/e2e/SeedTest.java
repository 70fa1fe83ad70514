package lab.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import lab.stack.Await;
import lab.stack.Stack;
import lab.stack.TestSystem;
import org.json.JSONArray;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// `./build.sh seed` votes for all options, and says truly what it did.
class SeedTest {
    private static TestSystem system;

    @BeforeAll
    static void start() {
        system = new TestSystem(Map.of("OPTIONS", "Cats,Dogs,Birds,Fish"), "vote", "worker", "result").start();
    }

    @AfterAll
    static void stop() {
        system.close();
    }

    @BeforeEach
    void noVotes() throws Exception {
        system.stack.awaitEmptyQueue();
        system.postgres.execute("TRUNCATE votes");
        system.awaitVotes(0, 0, 0, 0);
    }

    @Test
    void allOptionsGetVotesInUnevenShares() throws Exception {
        Process seed = seed("400");
        List<Integer> counts = awaitVotesSaid(seed, 400);
        assertEquals(0, seed.waitFor());
        assertTrue(counts.stream().allMatch(count -> count > 0), counts.toString());
        assertTrue(counts.stream().distinct().count() > 1, counts.toString());
    }

    @Test
    void aVoteThatIsRefusedIsCastAgain() throws Exception {
        Process seed = seed("200", "--rate", "50");
        Await.until("it votes", () -> system.service("vote").metric("votes_accepted_total") > 0);
        system.redis.kill();
        Await.until("a vote is refused", () -> system.service("vote").metric("votes_refused_total") > 0);
        system.redis.start();
        awaitVotesSaid(seed, 200);
        assertEquals(0, seed.waitFor());
    }

    @Test
    void endedItSaysHowFarItCame() throws Exception {
        Process seed = seed("90000", "--rate", "20");
        Await.until("it votes", () -> system.results().getInt("total") > 5);
        seed.toHandle().destroy();
        awaitVotesSaid(seed, -1);
        assertEquals(130, seed.waitFor());
    }

    @Test
    void oneSentenceSaysThatThereIsNoBallot() throws Exception {
        Process seed = start("localhost:" + system.port("result"));
        String output = new String(seed.getInputStream().readAllBytes());
        assertEquals(1, seed.waitFor());
        assertTrue(output.startsWith("What answers at http://localhost:" + system.port("result")), output);
        assertEquals(1, output.lines().count(), output);
    }

    /// The counts it says, which must add up to what it says, and be what is stored.
    private static List<Integer> awaitVotesSaid(Process seed, int votes) throws IOException {
        String output = new String(seed.getInputStream().readAllBytes());
        String last = output.lines().toList().getLast();
        assertTrue(
                last.matches("Cast [0-9]+ votes in [0-9]+ s at http://localhost:" + system.port("vote") + ": .*\\."),
                output);
        List<Integer> numbers = numbers("(?<=: |, )([0-9]+) for [a-d] \\([0-9]+ %\\)", last);
        int cast = numbers("Cast ([0-9]+) votes", last).getFirst();
        assertEquals(votes < 0 ? cast : votes, cast, output);
        assertEquals(cast, numbers.stream().mapToInt(number -> number).sum(), output);
        Await.until(last, () -> {
            JSONArray options = system.results().getJSONArray("options");
            List<Integer> stored = new ArrayList<>();
            for (int i = 0; i < options.length(); i++) {
                stored.add(options.getJSONObject(i).getInt("votes"));
            }
            return stored.stream()
                    .sorted()
                    .toList()
                    .equals(numbers.stream().sorted().toList());
        });
        return numbers;
    }

    private static List<Integer> numbers(String pattern, String text) {
        return Pattern.compile(pattern)
                .matcher(text)
                .results()
                .map((MatchResult match) -> Integer.valueOf(match.group(1)))
                .toList();
    }

    private static Process seed(String... arguments) throws IOException {
        return start("localhost:" + system.port("vote"), arguments);
    }

    private static Process start(String address, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("bash", "docker/seed", address));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .directory(Stack.root().toFile())
                .redirectErrorStream(true)
                .start();
    }
}
