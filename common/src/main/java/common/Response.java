package common;

import com.sun.net.httpserver.Headers;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// What a handler answers.
public record Response(int status, Headers headers, byte[] body) {
    public static Response of(int status, String contentType, String body) {
        var headers = new Headers();
        headers.set("Content-Type", contentType);
        return new Response(status, headers, body.getBytes(StandardCharsets.UTF_8));
    }

    public static Response html(int status, String body) {
        return of(status, "text/html; charset=utf-8", body);
    }

    public static Response text(int status, String body) {
        return of(status, "text/plain; charset=utf-8", body);
    }

    /// The same answer with one header more, or more of one name.
    public Response with(String name, String... values) {
        var more = new Headers();
        more.putAll(headers);
        more.put(name, List.of(values));
        return new Response(status, more, body);
    }
}
