package common;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
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

    private static String reason(Exception innermost) {
        return Outage.reason(new RuntimeException("wrapped", innermost));
    }
}
