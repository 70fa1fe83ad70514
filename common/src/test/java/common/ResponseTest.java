package common;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import org.junit.jupiter.api.Test;

class ResponseTest {
    private static final Response ANSWER = Response.text(200, "the same").tagged();

    private static String tag(Response response) {
        return response.headers().get(response.headers().indexOf("ETag") + 1);
    }

    @Test
    void theSameBodyHasTheSameTag() {
        assertEquals(tag(ANSWER), tag(Response.text(200, "the same").tagged()));
        assertNotEquals(tag(ANSWER), tag(Response.text(200, "another").tagged()));
    }

    @Test
    void isNotSentAgainToAClientThatHasIt() {
        assertEquals(304, ANSWER.unlessAmong(tag(ANSWER)).status());
        assertEquals(0, ANSWER.unlessAmong(tag(ANSWER)).body().length);
        assertEquals(tag(ANSWER), tag(ANSWER.unlessAmong(tag(ANSWER))));
        assertEquals(
                304, ANSWER.unlessAmong("\"older\", W/" + tag(ANSWER)).status(), "a list, and weakened by a proxy");
    }

    @Test
    void isSentToAClientThatHasAnotherOrNone() {
        assertSame(ANSWER, ANSWER.unlessAmong(null));
        assertSame(ANSWER, ANSWER.unlessAmong("\"older\""));
    }
}
