package common;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OutageTest {
    @Test
    void theReasonIsTheInnermostCauseInWords() {
        assertEquals("connection refused", reason(new ConnectException("Connection refused")));
        assertEquals("it closed the connection", reason(new EOFException()));
        assertEquals("no answer", reason(new SocketTimeoutException("Read timed out")));
        assertEquals("FATAL: wrong password", reason(new IOException("FATAL: wrong password\n  at line 1")));
    }

    @Test
    void anUnknownHostIsOneCauseHoweverTheResolverPutsIt() {
        assertEquals("unknown host db", reason(new UnknownHostException("db")));
        assertEquals("unknown host db", reason(new UnknownHostException("db: Name or service not known")));
    }

    @Test
    void theReasonThatJedisSuppressedIsFoundAndAFailureToCloseIsNot() {
        var failure = new IllegalStateException("Failed to connect to any host");
        failure.addSuppressed(new ConnectException("Connection refused"));
        assertEquals("connection refused", reason(failure));
        var lost = new IllegalStateException("Unexpected end of stream");
        lost.addSuppressed(new IllegalStateException("could not close"));
        assertEquals("Unexpected end of stream", reason(lost));
    }

    @Test
    void aNeighbourThatFailsAgainAtOnceHasNotComeBack() {
        var outage = new Outage("Redis");
        outage.worked();
        assertNull(outage.cause());
        outage.failed(new IOException("NOPERM"));
        outage.worked();
        assertEquals("NOPERM", outage.cause());
    }

    @Test
    void ofSeveralNodesTheSameOneIsBlamedEachTime() {
        var redis = Redis.from(new Env(Map.of("REDIS_HOST", "a.invalid,b.invalid,c.invalid")));
        for (int i = 0; i < 20; i++) {
            var failure = assertThrows(RuntimeException.class, () -> redis.connect("votes"));
            assertEquals("unknown host a.invalid", Outage.reason(failure));
        }
    }

    private static String reason(Exception innermost) {
        return Outage.reason(new RuntimeException("wrapped", innermost));
    }
}
