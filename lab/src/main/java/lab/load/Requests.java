package lab.load;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/// What is sent to the servers under test.
final class Requests {
    private Requests() {}

    /// One request after another: `GET /path`, or `votes` of voters none of whom votes twice. Every second voter is on
    /// the first visit, the others' browsers have the page's cookies.
    static Supplier<byte[]> of(String name) {
        if (!name.equals("votes")) {
            byte[] request = request(name, "", "");
            return () -> request;
        }
        var voters = new AtomicLong(System.nanoTime());
        return () -> {
            long voter = voters.incrementAndGet();
            String digits = HexFormat.of().toHexDigits(voter).repeat(2);
            return voter % 2 == 0 ? vote("", "a") : vote("Cookie: voter_id=" + digits + "; vote=b\r\n", "b");
        };
    }

    /// A vote as the page's form sends it.
    ///
    /// @param cookies a header, or nothing: the first visit
    static byte[] vote(String cookies, String option) {
        String form = "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 6\r\n";
        return request("POST /", cookies + form, "vote=" + option);
    }

    private static byte[] request(String what, String headers, String body) {
        String request = what + " HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/html\r\n" + headers + "\r\n" + body;
        return request.getBytes(StandardCharsets.US_ASCII);
    }
}
