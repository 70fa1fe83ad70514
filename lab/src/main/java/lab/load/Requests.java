package lab.load;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// The bytes of one request after another. For one thread, and each buffer is good until the next is asked for.
@FunctionalInterface
public interface Requests {
    ByteBuffer next();

    /// The requests with this name: `votes` for votes cast by ever new voters, or `GET /path`.
    static Requests of(String name) {
        if (name.equals("votes")) {
            return new Votes();
        }
        if (name.startsWith("GET /")) {
            return get(name.substring("GET ".length()));
        }
        throw new IllegalArgumentException("no such requests: " + name);
    }

    static Requests get(String path) {
        ByteBuffer request =
                ascii("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: */*\r\nUser-Agent: lab\r\n\r\n");
        return request::rewind;
    }

    /// A vote as a browser sends it on its first visit, without a cookie.
    static ByteBuffer vote(String option) {
        return vote("", option);
    }

    private static ByteBuffer vote(String headers, String option) {
        return ascii("POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/html\r\nUser-Agent: lab\r\n" + headers
                + "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 6\r\n\r\nvote=" + option);
    }

    private static ByteBuffer ascii(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
    }

    /// Votes of voters none of whom votes twice. Every second one is on the first visit, the others' browsers have
    /// the page's cookies.
    final class Votes implements Requests {
        private static final String COOKIES = "Cookie: voter_id=%032x; vote=b\r\n";
        private static final int DIGITS = 16;

        private final ByteBuffer first = vote("a");
        private final ByteBuffer again = vote(COOKIES.formatted(0), "b");
        private final int lastDigit = indexOfId() + 2 * DIGITS - 1;
        private long number = System.nanoTime();

        private int indexOfId() {
            return new String(again.array(), StandardCharsets.US_ASCII).indexOf("voter_id=") + "voter_id=".length();
        }

        @Override
        public ByteBuffer next() {
            number++;
            if (number % 2 == 0) {
                return first.rewind();
            }
            long rest = number;
            for (int i = 0; i < DIGITS; i++, rest >>>= 4) {
                again.put(lastDigit - i, (byte) Character.forDigit((int) (rest & 15), 16));
            }
            return again.rewind();
        }
    }
}
