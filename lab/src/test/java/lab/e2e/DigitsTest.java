package lab.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import lab.stack.TestSystem;
import org.junit.jupiter.api.Test;

/// On a machine whose language has digits of its own, ours stay 0 to 9: Prometheus and browsers read no others.
class DigitsTest {
    private static final List<String> FLAGS = List.of("-Duser.language=fa", "-Duser.country=IR");
    private static final Pattern OTHER_DIGITS = Pattern.compile(".*[\\p{Nd}&&[^0-9]].*");

    @Test
    void theyAreTheSameInEveryCountry() throws Exception {
        try (var system = new TestSystem(Map.of(), FLAGS, "vote", "worker", "result").start()) {
            var vote = system.service("vote");
            var result = system.service("result");
            List<String> texts = new ArrayList<>();
            texts.add(vote.vote("a").body());
            system.awaitVotes(1, 0);
            for (String path : List.of("/", "/hits", "/metrics")) {
                texts.add(vote.get(path).body());
            }
            for (String path : List.of("/", "/results", "/metrics")) {
                texts.add(result.get(path).body());
            }
            texts.add(system.service("worker").get("/metrics").body());
            texts.addAll(system.log);
            assertEquals(
                    List.of(),
                    texts.stream()
                            .flatMap(String::lines)
                            .filter(line -> OTHER_DIGITS.matcher(line).matches())
                            .toList());
        }
    }
}
