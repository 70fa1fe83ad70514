package lab.hostile;

import static lab.hostile.RawClient.get;
import static lab.hostile.RawClient.post;

import java.util.ArrayList;
import java.util.List;

/// A request and what it must get.
///
/// @param service vote or result
/// @param bytes each character is one byte
/// @param status of each answer on this connection in order; 0 where it must be closed without one
/// @param queued how many votes it puts into the queue
record HttpCase(String name, String service, String bytes, List<Integer> status, int queued) {
    static final int CLOSED = 0;

    /// Labels that would be script if a page did not escape them.
    static final String OPTIONS = "<script>alert(1)</script>,\"><img src=x onerror=alert(2)>,Tom & 'Jerry'";

    private static final String SCRIPT = "<script>alert(9)</script>";
    private static final String FORM = "Content-Type: application/x-www-form-urlencoded\r\n";
    private static final String POST = "POST / HTTP/1.1\r\nHost: localhost\r\n" + FORM;
    private static final String CHUNKED = POST + "Transfer-Encoding: chunked\r\n\r\n";

    static List<HttpCase> all() {
        var table = new Table();
        forms(table);
        bodies(table);
        methods(table);
        paths(table);
        heads(table);
        cookies(table);
        origins(table);
        pipelines(table);
        result(table);
        return table.cases;
    }

    private static void forms(Table t) {
        t.vote("an ordinary vote", post("vote=a"), 200, 1);
        t.vote("another field beside it", post("x=1&vote=b&y=2"), 200, 1);
        t.vote("its name in capitals", post("VOTE=a"), 400);
        t.vote("a letter as %61", post("vote=%61"), 200, 1);
        t.vote("the field's name encoded", post("v%6Fte=a"), 200, 1);
        t.vote("no body", post(""), 400);
        t.vote("no value", post("vote="), 400);
        t.vote("no equals sign", post("vote"), 400);
        t.vote("two equals signs", post("vote=a=b"), 400);
        t.vote("an option that does not exist", post("vote=d"), 400);
        t.vote("an option in capitals", post("vote=A"), 400);
        t.vote("an option twice as long", post("vote=aa"), 400);
        t.vote("an option by its label", post("vote=Tom+%26+'Jerry'"), 400);
        t.vote("the field twice", post("vote=a&vote=b"), 400);
        t.vote("the field twice, once without a value", post("vote=a&vote"), 400);
        t.vote("the field as an array", post("vote[]=a"), 400);
        t.vote("separated by a semicolon", post("vote=a;vote=b"), 400);
        t.vote("a space", post("vote=+a"), 400);
        t.vote("%00", post("vote=a%00"), 400);
        t.vote("a NUL byte", post("vote=a\0"), 400);
        t.vote("a line break", post("vote=a\r\n"), 400);
        t.vote("% and no digits", post("vote=%zz"), 400);
        t.vote("% at the end", post("vote=%"), 400);
        t.vote("% and a sign", post("vote=%-1"), 400);
        t.vote("encoded twice", post("vote=%2561"), 400);
        t.vote("UTF-8", post("vote=%C3%A4"), 400);
        t.vote("broken UTF-8", post("vote=%C3"), 400);
        t.vote("overlong UTF-8", post("vote=%C1%A1"), 400);
        t.vote("bytes that are no UTF-8", post("vote=\u00ff\u00fe"), 400);
        t.vote("the a of another script", post("vote=%D0%B0"), 400);
        t.vote("script", post("vote=" + SCRIPT), 400);
        t.vote("script as the field's name", post(SCRIPT + "=a"), 400);
        t.vote("SQL", post("vote=a'; DROP TABLE votes; --"), 400);
        t.vote("500 fields", post("vote=a" + "&".repeat(500)), 200, 1);
        t.vote("a charset in the type", typed("application/x-www-form-urlencoded; charset=latin1", "vote=a"), 200, 1);
        t.vote("the type in capitals", typed("APPLICATION/X-WWW-FORM-URLENCODED", "vote=a"), 200, 1);
        t.vote("JSON", typed("application/json", "{\"vote\":\"a\"}"), 415);
        t.vote("plain text", typed("text/plain", "vote=a"), 415);
        t.vote("multipart", typed("multipart/form-data; boundary=x", "--x\r\n\r\na\r\n--x--"), 415);
        t.vote("script as the type", typed(SCRIPT, "vote=a"), 415);
        t.vote("no type", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 6\r\n\r\nvote=a", 415);
    }

    private static String typed(String type, String body) {
        return "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: " + type + "\r\nContent-Length: " + body.length()
                + "\r\n\r\n" + body;
    }

    private static void bodies(Table t) {
        t.vote("1,024 bytes", post("vote=a&x=" + "y".repeat(1015)), 200, 1);
        t.vote("1,025 bytes", post("vote=a&x=" + "y".repeat(1016)), 413);
        t.vote("10 MB announced, none sent", POST + "Content-Length: 10000000\r\n\r\n", 413);
        t.vote("2^63 - 1 announced", POST + "Content-Length: 9223372036854775807\r\n\r\nvote=a", 413);
        t.vote("2^63 announced", POST + "Content-Length: 9223372036854775808\r\n\r\nvote=a", 400);
        t.vote("a negative length", POST + "Content-Length: -1\r\n\r\nvote=a", 400);
        t.vote("a length in hexadecimal", POST + "Content-Length: 0x6\r\n\r\nvote=a", 400);
        t.vote("a length of letters", POST + "Content-Length: six\r\n\r\nvote=a", 400);
        t.vote("an empty length", POST + "Content-Length: \r\n\r\nvote=a", 400);
        t.vote("a length with a sign: the JDK takes it", POST + "Content-Length: +6\r\n\r\nvote=a", 200, 1);
        t.vote("two lengths in one header", POST + "Content-Length: 6, 6\r\n\r\nvote=a", 400);
        t.vote("two length headers", POST + "Content-Length: 6\r\nContent-Length: 7\r\n\r\nvote=a", 400);
        t.vote("length and chunks", POST + "Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400);
        t.vote("chunks and length", POST + "Transfer-Encoding: chunked\r\nContent-Length: 6\r\n\r\nvote=a", 400);
        t.vote("a length too short", POST + "Content-Length: 5\r\n\r\nvote=a\r\n\r\n", List.of(400, 400), 0);
        t.vote("an unknown coding", POST + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 501);
        t.vote("chunked twice", POST + "Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n", 501);
        t.vote("identity", POST + "Transfer-Encoding: identity\r\n\r\nvote=a", 501);
        t.vote("one chunk", CHUNKED + "6\r\nvote=a\r\n0\r\n\r\n", 200, 1);
        t.vote("six chunks", CHUNKED + "1\r\nv\r\n1\r\no\r\n1\r\nt\r\n1\r\ne\r\n1\r\n=\r\n1\r\na\r\n0\r\n\r\n", 200, 1);
        t.vote("a chunk with an extension", CHUNKED + "6;x=" + SCRIPT + "\r\nvote=a\r\n0\r\n\r\n", 200, 1);
        t.vote("chunks of 1,025 bytes", CHUNKED + "401\r\n" + "x".repeat(1025) + "\r\n0\r\n\r\n", 413);
        t.vote("no chunk", CHUNKED + "0\r\n\r\n", 400);
        t.vote("a chunk of -1", CHUNKED + "-1\r\nvote=a\r\n0\r\n\r\n", 400);
        t.vote("a chunk of nonsense", CHUNKED + SCRIPT + "\r\n", 400);
        t.vote("a chunk of 2^31", CHUNKED + "80000000\r\nvote=a\r\n0\r\n\r\n", 400);
        t.vote("a chunk of 2^32 - 1", CHUNKED + "ffffffff\r\nvote=a\r\n0\r\n\r\n", 400);
        t.vote("a chunk of 2^64 - 1", CHUNKED + "ffffffffffffffff\r\nvote=a\r\n0\r\n\r\n", 400);
        t.vote("a chunk longer than it says", CHUNKED + "3\r\nvote=a\r\n0\r\n\r\n", 400);
        t.vote(
                "a chunk of 2^32 hides a second request: the JDK reads 0",
                CHUNKED + "100000000\r\n\r\n" + post("vote=a"),
                List.of(400, CLOSED),
                0);
        t.vote("no chunk, then a second request", CHUNKED + "0\r\n\r\n" + post("vote=a"), List.of(400, CLOSED), 0);
        t.vote("Expect: 100-continue", post("vote=a", "Expect: 100-continue"), 200, 1);
        t.vote("Expect: something else", post("vote=a", "Expect: " + SCRIPT), 200, 1);
        t.vote("a body to a GET", get("/", "Content-Length: 6") + "vote=b", 200);
    }

    private static void methods(Table t) {
        for (String method : List.of("PUT", "DELETE", "PATCH", "TRACE", "OPTIONS", "get", "GETX", "PROPFIND", "\"")) {
            t.vote(method, method + " / HTTP/1.1\r\nHost: x\r\n\r\n", 405);
        }
        t.vote("POST to a page that is only read", post("vote=a").replace("POST /", "POST /hits"), 405);
        t.vote("POST to /metrics", post("vote=a").replace("POST /", "POST /metrics"), 405);
        t.vote("POST to a page that does not exist", post("vote=a").replace("POST /", "POST /vote"), 404);
        t.vote("CONNECT: the JDK finds no path and hangs up", "CONNECT x:443 HTTP/1.1\r\nHost: x\r\n\r\n", CLOSED);
        t.vote("PRI, the start of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 404);
        for (String path : List.of("/", "/hits", "/livez", "/readyz", "/metrics", "/style.css")) {
            t.vote("HEAD " + path, "HEAD " + path + " HTTP/1.1\r\nHost: x\r\n\r\n", 200);
        }
        t.vote("HEAD of nothing", "HEAD /x HTTP/1.1\r\nHost: x\r\n\r\n", 404);
        for (String path : List.of("/", "/results", "/livez", "/readyz", "/metrics", "/style.css")) {
            t.result("HEAD " + path, "HEAD " + path + " HTTP/1.1\r\nHost: x\r\n\r\n", 200);
        }
    }

    private static void paths(Table t) {
        t.vote("a vote in the query", get("/?vote=b"), 200);
        t.vote("script in the query", get("/?x=%3Cscript%3Ealert(9)%3C/script%3E"), 200);
        for (String path : List.of(
                "/x",
                "/livezz",
                "/livez/",
                "/LIVEZ",
                "/hits/..",
                "/../../etc/passwd",
                "/%2e%2e/%2e%2e/etc/passwd",
                "/%2F",
                "/./",
                "/.git/config",
                "/style.css.map",
                "/%00",
                "/%0d%0aSet-Cookie:%20a=b",
                "/%3Cscript%3Ealert(9)%3C/script%3E",
                "/;/metrics",
                "/common/schema.sql",
                "/vote/VoteServer.class")) {
            t.vote(path, get(path), 404);
        }
        t.vote(
                "script as the path, for a browser",
                get("/%3Cscript%3Ealert(9)%3C/script%3E", "Accept: text/html"),
                404);
        t.vote("no slash, for a browser", get("%2Fx", "Accept: text/html"), 404);
        t.vote("//", get("//"), 400);
        t.vote("//evil.example", get("//evil.example"), 404);
        t.vote("//evil.example/", get("//evil.example/"), 200);
        t.vote("% and no digits", get("/%zz"), 400);
        t.vote("< in the path", get("/<script>"), 400);
        t.vote("a backslash", get("/\\..\\"), 400);
        t.vote("a space", get("/ /"), 200);
        t.vote("8-bit characters", get("/\u00e4"), 404);
        t.vote("a whole address", get("http://evil.example/"), 200);
        t.vote("a whole address without a path", get("http://evil.example"), 404);
        t.vote("a query alone", get("?vote=a"), 404);
        t.vote("*", "OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n", 404);
        t.vote("mailto: the JDK finds no path and hangs up", get("mailto:a"), CLOSED);
        t.vote("an 8 KB path: the JDK hangs up", get("/" + "x".repeat(8200)), CLOSED);
        t.vote("a 100 KB path", get("/" + "x".repeat(100_000)), CLOSED);
    }

    private static void heads(Table t) {
        t.vote("script as Host", "GET / HTTP/1.1\r\nHost: " + SCRIPT + "\r\n\r\n", 200);
        t.vote("script in proxies' headers", get("/", "X-Forwarded-Host: " + SCRIPT, "Forwarded: " + SCRIPT), 200);
        t.vote("script as Accept", get("/x", "Accept: text/html" + SCRIPT), 404);
        t.vote("HTTP/1.0", "GET / HTTP/1.0\r\n\r\n", 200);
        t.vote("HTTP/9.9", "GET / HTTP/9.9\r\nHost: x\r\n\r\n", 200);
        t.vote("no version", "GET /\r\n\r\n", 400);
        t.vote("no path", "GET\r\n\r\n", 400);
        t.vote("a TLS hello", "\u0016\u0003\u0001\u0002\0\u0001\0\u0001\u00fc\r\n\r\n", 400);
        t.vote("nothing but blank lines, then a request", "\r\n\r\n" + get("/"), 200);
        t.vote("a header without a name", get("/", ": x"), 400);
        t.vote("a header without a colon", get("/", "x"), 400);
        t.vote("a space before the colon", get("/", "Content-Length : 6"), 400);
        t.vote("a space in the name", get("/", "a b: c"), 400);
        t.vote("a control character in the name", get("/", "a\u0001b: c"), 400);
        t.vote("a folded header", get("/", "X: a", " b"), 200);
        t.vote("a bare CR in a value", get("/", "X: a\rSet-Cookie: b=c"), 200);
        t.vote("200 headers", get("/", numbered(199)), 200);
        t.vote("201 headers: the JDK hangs up", get("/", numbered(201)), CLOSED);
        t.vote("a header of 9 KB: the JDK hangs up", get("/", "X: " + "y".repeat(9000)), CLOSED);
        t.vote("a header of 1 MB", get("/", "X: " + "y".repeat(1_000_000)), CLOSED);
        t.vote("a range", get("/", "Range: bytes=0-1"), 200);
        t.vote("many ranges", get("/style.css", "Range: bytes=" + "0-,".repeat(1000)), 200);
        t.vote("a condition that holds", get("/", "If-None-Match: *", "If-Match: \"x\""), 200);
        t.vote("a tag of script", get("/style.css", "If-None-Match: " + SCRIPT), 200);
        t.vote("a date that is none", get("/style.css", "If-Modified-Since: " + SCRIPT), 200);
        t.vote("an upgrade", get("/", "Connection: Upgrade", "Upgrade: websocket"), 200);
        t.vote("methods in disguise", post("vote=a", "X-HTTP-Method-Override: DELETE"), 200, 1);
    }

    private static String[] numbered(int count) {
        var headers = new String[count];
        for (int i = 0; i < count; i++) {
            headers[i] = "X" + i + ": y";
        }
        return headers;
    }

    private static void cookies(Table t) {
        for (String value : List.of(
                "",
                "x",
                "ABCDEF",
                "\"",
                "\"a b\"",
                "0".repeat(33),
                "../../x",
                "%00",
                "a%0d%0aSet-Cookie:b=c",
                "\u00f0\u009f\u0098\u0080",
                "a\0b",
                "'; DROP TABLE votes",
                SCRIPT,
                "0".repeat(4096))) {
            t.vote("voter_id=" + shown(value) + ": ignored", post("vote=a", "Cookie: voter_id=" + value), 200, 1);
        }
        t.vote("no name", post("vote=a", "Cookie: =abc"), 200, 1);
        t.vote("nothing but semicolons", post("vote=a", "Cookie: " + ";".repeat(4000)), 200, 1);
        t.vote("script as the choice", get("/", "Cookie: vote=" + SCRIPT), 200);
        t.vote("a choice that does not exist", get("/", "Cookie: vote=z"), 200);
        t.vote("cookies of 100 KB: the JDK hangs up", get("/", "Cookie: a=" + "b".repeat(100_000)), CLOSED);
    }

    private static String shown(String value) {
        return value.length() > 40 ? value.length() + " characters" : value;
    }

    private static void origins(Table t) {
        for (String good :
                List.of("Sec-Fetch-Site: same-origin", "Sec-Fetch-Site: none", "Origin: http://localhost", "X: y")) {
            t.vote(good, post("vote=a", good), 200, 1);
        }
        for (String bad : List.of(
                "Sec-Fetch-Site: cross-site",
                "Sec-Fetch-Site: same-site",
                "Sec-Fetch-Site: ",
                "Sec-Fetch-Site: " + SCRIPT,
                "Sec-Fetch-Site: cross-site\r\nOrigin: http://localhost",
                "Origin: https://evil.example",
                "Origin: null",
                "Origin: ",
                "Origin: http://localhost.evil.example",
                "Origin: http://evil.example/localhost",
                "Origin: http://localhost:81",
                "Origin: " + SCRIPT)) {
            t.vote(bad.replace("\r\n", ", "), post("vote=a", bad), 403);
        }
    }

    private static void pipelines(Table t) {
        t.vote("three requests at once", get("/livez").repeat(3), List.of(200, 200, 200), 0);
        t.vote("three votes at once", post("vote=a").repeat(3), List.of(200, 200, 200), 3);
        t.vote("HEAD, then nothing but its head", "HEAD / HTTP/1.1\r\nHost: x\r\n\r\n".repeat(2), List.of(200, 200), 0);
        t.vote("a 404, then a vote", get("/x") + post("vote=a"), List.of(404, 200), 1);
        t.vote("a 403, then a vote", post("", "Origin: null") + post("vote=a"), List.of(403, 200), 1);
        t.vote("a 400, then a vote", post("vote=z") + post("vote=a"), List.of(400, 200), 1);
        t.vote("close, then a vote", get("/", "Connection: close") + post("vote=a"), List.of(200, CLOSED), 0);
        t.vote("a body nobody read, then a vote", get("/", "Content-Length: 9") + post("vote=a"), 200);
        t.vote("500 requests at once", get("/livez").repeat(500), java.util.Collections.nCopies(500, 200), 0);
    }

    private static void result(Table t) {
        t.result("the page", get("/"), 200);
        t.result("the standing", get("/results"), 200);
        t.result("a version that is none", get("/results?after=x"), 200);
        t.result("no version", get("/results?after="), 200);
        t.result("a version of script", get("/results?after=%3Cscript%3Ealert(9)%3C/script%3E"), 200);
        t.result("a version of %00", get("/results?after=%00"), 200);
        t.result("a version of 7 KB", get("/results?after=" + "x".repeat(7000)), 200);
        t.result("% and no digits", get("/results?after=%zz"), 400);
        t.result("two versions", get("/results?after=x&after=y"), 200);
        t.result("another parameter", get("/results?callback=alert(9)"), 200);
        t.result("1,000 parameters", get("/results?after=x" + "&a=b".repeat(1000)), 200);
        t.result("a vote", post("vote=a"), 405);
        t.result("DELETE", "DELETE /results HTTP/1.1\r\nHost: x\r\n\r\n", 405);
        t.result("a path below", get("/results/"), 404);
        t.result("the vote's page", get("/hits"), 404);
    }

    private static final class Table {
        private final List<HttpCase> cases = new ArrayList<>();

        void vote(String name, String bytes, int status) {
            vote(name, bytes, status, 0);
        }

        void vote(String name, String bytes, int status, int queued) {
            vote(name, bytes, List.of(status), queued);
        }

        void vote(String name, String bytes, List<Integer> status, int queued) {
            cases.add(new HttpCase(name, "vote", bytes, status, queued));
        }

        void result(String name, String bytes, int status) {
            cases.add(new HttpCase(name, "result", bytes, List.of(status), 0));
        }
    }
}
