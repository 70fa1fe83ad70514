package common;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// What a handler may ask of a request: what the JDK's server leaves to be parsed.
public final class Request {
    private static final int MAX_FORM = 1024;

    private final HttpExchange exchange;
    private boolean bodyRead;

    Request(HttpExchange exchange) {
        this.exchange = exchange;
    }

    /// The header's first value, or null.
    public String header(String name) {
        return exchange.getRequestHeaders().getFirst(name);
    }

    /// The header's last value, or null: the nearest proxy adds its own at the end.
    public String lastHeader(String name) {
        List<String> values = exchange.getRequestHeaders().get(name);
        return values == null ? null : values.getLast();
    }

    /// Who is at the other end of the connection: the client, or a proxy.
    public InetAddress peer() {
        return exchange.getRemoteAddress().getAddress();
    }

    /// The values of every cookie of this name, in the order they came, without the quotes that some clients put
    /// around.
    public List<String> cookies(String name) {
        List<String> values = new ArrayList<>();
        for (String header : exchange.getRequestHeaders().getOrDefault("Cookie", List.of())) {
            for (String pair : header.split(";")) {
                int equals = pair.indexOf('=');
                if (equals > 0 && pair.substring(0, equals).strip().equals(name)) {
                    values.add(unquote(pair.substring(equals + 1).strip()));
                }
            }
        }
        return values;
    }

    private static String unquote(String text) {
        return text.length() >= 2 && text.startsWith("\"") && text.endsWith("\"")
                ? text.substring(1, text.length() - 1)
                : text;
    }

    /// The first value of a parameter in the query, or null.
    public String query(String name) {
        String query = exchange.getRequestURI().getRawQuery();
        List<String> values = query == null ? List.of() : values(query, name);
        return values.isEmpty() ? null : values.getFirst();
    }

    /// The one value of a field in an urlencoded form of at most 1 KiB.
    ///
    /// @throws HttpError 415 for another kind of body, 413 for a longer one, 400 unless the field is there
    ///     exactly once
    public String form(String name) {
        byte[] body = body();
        if (body.length > 0 && !isForm(header("Content-Type"))) {
            throw new HttpError(415, "Send the form as application/x-www-form-urlencoded.");
        }
        List<String> values = values(new String(body, StandardCharsets.UTF_8), name);
        if (values.size() != 1) {
            throw new HttpError(400, "The form must have the field \"" + name + "\" exactly once.");
        }
        return values.getFirst();
    }

    private static boolean isForm(String contentType) {
        return contentType != null
                && contentType.split(";", 2)[0].strip().equalsIgnoreCase("application/x-www-form-urlencoded");
    }

    private byte[] body() {
        String length = header("Content-Length"); // a number: the JDK has refused anything else
        boolean announcedTooLong = length != null && Long.parseLong(length) > MAX_FORM;
        try {
            byte[] body = announcedTooLong ? null : exchange.getRequestBody().readNBytes(MAX_FORM + 1);
            if (body == null || body.length > MAX_FORM) {
                throw new HttpError(413, "A vote takes at most " + MAX_FORM + " bytes.");
            }
            bodyRead = true;
            return body;
        } catch (IOException | IndexOutOfBoundsException _) { // the latter for chunks of 2 GiB and more
            throw new HttpError(400, "The body is not as long as it says, or its chunks are broken.");
        }
    }

    /// Whether a body came along that was not read to its end: what is left of it would be taken for the next request.
    boolean hasUnreadBody() {
        String length = header("Content-Length");
        return !bodyRead && (length != null && !length.equals("0") || header("Transfer-Encoding") != null);
    }

    private static List<String> values(String encoded, String name) {
        List<String> values = new ArrayList<>();
        try {
            for (String pair : encoded.split("&")) {
                String[] parts = pair.split("=", 2);
                if (decode(parts[0]).equals(name)) {
                    values.add(parts.length == 1 ? "" : decode(parts[1]));
                }
            }
        } catch (IllegalArgumentException _) {
            throw new HttpError(400, "A % in the form or query is not followed by two hexadecimal digits.");
        }
        return values;
    }

    private static String decode(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
}
