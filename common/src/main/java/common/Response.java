package common;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What a handler answers.
public record Response(int status, Map<String, List<String>> headers, byte[] body) {
    public static Response of(int status, String contentType, String body) {
        Map<String, List<String>> headers = new HashMap<>();
        headers.put("Content-Type", List.of(contentType));
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
        var more = new HashMap<>(headers);
        more.put(name, List.of(values));
        return new Response(status, more, body);
    }
}
