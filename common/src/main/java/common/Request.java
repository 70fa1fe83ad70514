package common;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// A request, and what the JDK's server leaves to be parsed.
///
/// @param rawQuery what follows the `?`, or null
public record Request(Headers headers, String rawQuery, byte[] body) {
    private static final int MAX_BODY = 1024;
    private static final Pattern HOST = Pattern.compile("([\\w.-]+|\\[[0-9A-Fa-f:.]+])(:[0-9]*)?");

    /// Reads a request to its end, whether anybody wants its body or not: what was left would be taken for the next
    /// one. Where that cannot be, the connection ends with the answer.
    ///
    /// @throws HttpError 413 for a body of more than 1 KiB, 400 for one that is not what its headers say
    static Request read(HttpExchange exchange) {
        Headers headers = exchange.getRequestHeaders();
        String length = headers.getFirst("Content-Length"); // a number: the JDK has refused anything else
        boolean announcedTooLong = length != null && Long.parseLong(length) > MAX_BODY;
        try {
            byte[] body = announcedTooLong ? null : exchange.getRequestBody().readNBytes(MAX_BODY + 1);
            if (body == null || body.length > MAX_BODY) {
                throw new HttpError(413, "A vote takes at most " + MAX_BODY + " bytes.", "Connection", "close");
            }
            return new Request(headers, exchange.getRequestURI().getRawQuery(), body);
        } catch (IOException | IndexOutOfBoundsException _) { // the latter for chunks of 2 GiB and more
            String sentence = "The body is not as long as it says, or its chunks are broken.";
            throw new HttpError(400, sentence, "Connection", "close");
        }
    }

    /// The header's first value, or null.
    public String header(String name) {
        return headers.getFirst(name);
    }

    /// The address of a page that [Env#page] gave. Where that is a port, its host is the one that the client names to
    /// reach us; `.`, this page, if it names none.
    public String addressOf(String page) {
        if (!page.contains("{host}")) {
            return page;
        }
        Matcher host = HOST.matcher(header("Host") == null ? "" : header("Host"));
        return host.matches() ? page.replace("{host}", host.group(1)) : ".";
    }

    /// The values of all cookies of this name, in their order, without the quotes that some clients put around them.
    public List<String> cookies(String name) {
        return headers.getOrDefault("Cookie", List.of()).stream()
                .flatMap(header -> Stream.of(header.split(";")))
                .map(pair -> pair.split("=", 2))
                .filter(pair -> pair.length == 2 && pair[0].strip().equals(name))
                .map(pair -> pair[1].strip().replaceFirst("^\"(.*)\"$", "$1"))
                .toList();
    }

    /// The first value of a parameter in the query, or null.
    public String query(String name) {
        List<String> values = values(rawQuery == null ? "" : rawQuery, name);
        return values.isEmpty() ? null : values.getFirst();
    }

    /// The one value of a field in an urlencoded form.
    ///
    /// @throws HttpError 415 for another kind of body, 400 unless the field is there exactly once
    public String form(String name) {
        String type =
                headers.getOrDefault("Content-Type", List.of("")).getFirst().replaceFirst(";.*", "");
        if (body.length > 0 && !type.strip().equalsIgnoreCase("application/x-www-form-urlencoded")) {
            throw new HttpError(415, "Send the form as application/x-www-form-urlencoded.");
        }
        List<String> values = values(new String(body, StandardCharsets.UTF_8), name);
        if (values.size() != 1) {
            throw new HttpError(400, "The form must have the field \"" + name + "\" exactly once.");
        }
        return values.getFirst();
    }

    private static List<String> values(String encoded, String name) {
        try {
            return Stream.of(encoded.split("&"))
                    .map(pair -> pair.split("=", 2))
                    .filter(pair -> decode(pair[0]).equals(name))
                    .map(pair -> pair.length == 1 ? "" : decode(pair[1]))
                    .toList();
        } catch (IllegalArgumentException _) {
            throw new HttpError(400, "A % in the form or query is not followed by two hexadecimal digits.");
        }
    }

    private static String decode(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
}
