package lab.load;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// The bytes of one request after another. For one thread, and each buffer is good until the next is asked for.
@FunctionalInterface
interface Requests {
    ByteBuffer next();

    /// The requests with this name: `votes` for votes cast by ever new voters, or `GET /path`.
    static Requests of(String name) {
        if (name.equals("votes")) {
            return new Votes();
        }
        if (name.startsWith("GET /")) {
            ByteBuffer request = get(name.substring("GET ".length()));
            return request::rewind;
        }
        throw new IllegalArgumentException("no such requests: " + name);
    }

    static ByteBuffer get(String path) {
        return request("GET " + path, "*/*", "", "");
    }

    /// A vote as the page's form sends it.
    ///
    /// @param cookies a header, or nothing: the first visit
    static ByteBuffer vote(String cookies, String option) {
        return request(
                "POST /",
                "text/html",
                cookies + "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 6\r\n",
                "vote=" + option);
    }

    private static ByteBuffer request(String what, String accept, String headers, String body) {
        return ByteBuffer.wrap("%s HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: %s\r\nUser-Agent: lab\r\n%s\r\n%s"
                .formatted(what, accept, headers, body)
                .getBytes(StandardCharsets.US_ASCII));
    }

    /// Votes of voters none of whom votes twice. Every second one is on the first visit, the others' browsers have
    /// the page's cookies.
    final class Votes implements Requests {
        private static final int DIGITS = 16;

        private final ByteBuffer first = vote("", "a");
        private final ByteBuffer again = vote("Cookie: voter_id=%032x; vote=b\r\n".formatted(0), "b");
        private final int lastDigit = new String(again.array(), StandardCharsets.US_ASCII).indexOf("; vote=") - 1;
        private long number = System.nanoTime();

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
