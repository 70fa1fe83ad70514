package common;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The usual message is read without a JSON parser: what is a vote, and what not, must not depend on it.
class VoteTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"voter_id\":\"1f\",\"vote\":\"b\"}",
                "{\"voter_id\": \"1f\", \"vote\": \"b\"}",
                "{ \"voter_id\" : \"1f\" , \"vote\" : \"b\" }",
                "{\"vote\":\"b\",\"voter_id\":\"1f\"}",
                "{\"voter_id\":\"1f\",\"vote\":\"b\",\"at\":1}",
                "{\"voter_id\":\"\\u0031f\",\"vote\":\"b\"}",
            })
    void aVoteIsReadHoweverItIsWritten(String message) {
        assertEquals(new Vote("1f", "b"), Vote.parse(message));
    }

    @Test
    void whatIsWrittenIsRead() {
        var vote = new Vote("A-z.0_9:" + "f".repeat(247), "a");

        assertEquals(vote, Vote.parse(vote.toMessage()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"voter_id\":\"1f\",\"vote\":\"A\"}",
                "{\"voter_id\":\"1f\",\"vote\":\"ä\"}",
                "{\"voter_id\":\"1f\",\"vote\":\"\"}",
                "{\"voter_id\":\"1f\",\"vote\":\"ab\"}",
                "{\"voter_id\":\"\",\"vote\":\"a\"}",
                "{\"voter_id\":\"1 f\",\"vote\":\"a\"}",
                "{\"voter_id\":\"1f\",\"vote\":\"a\"} and more",
                "{\"voter_id\":\"1f\",\"vote\":\"a\"}\n}",
                "{\"voter_id\":\"1f\",\"vote\":\"a\",\"vote\":\"b\"}",
                "{\"voter_id\":1,\"vote\":\"a\"}",
                "[]",
                "",
            })
    void whatIsNoVoteIsRefused(String message) {
        assertThrows(IllegalArgumentException.class, () -> Vote.parse(message));
    }

    @Test
    void anIdOf256CharactersIsRefused() {
        String message = new Vote("f".repeat(256), "a").toMessage();

        assertThrows(IllegalArgumentException.class, () -> Vote.parse(message));
    }
}
