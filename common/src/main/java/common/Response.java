package common;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;

/// An answer: a status, headers in the order name, value, name, value …, and the bytes of the body.
public record Response(int status, List<String> headers, byte[] body) {

    public static Response of(int status, String contentType, byte[] body) {
        return new Response(status, List.of("Content-Type", contentType), body);
    }

    public static Response of(int status, String contentType, String body) {
        return of(status, contentType, body.getBytes(StandardCharsets.UTF_8));
    }

    public static Response html(int status, String body) {
        return of(status, "text/html; charset=utf-8", body);
    }

    public static Response text(int status, String body) {
        return of(status, "text/plain; charset=utf-8", body);
    }

    public static Response json(int status, String body) {
        return of(status, "application/json", body);
    }

    /// The same answer with one header more.
    public Response with(String name, String value) {
        var more = new ArrayList<>(headers);
        more.add(name);
        more.add(value);
        return new Response(status, more, body);
    }

    Response with(Map<String, String> more) {
        Response response = this;
        for (var header : more.entrySet()) {
            response = response.with(header.getKey(), header.getValue());
        }
        return response;
    }

    /// The same answer with a digest of its body as its ETag: a client keeps it, and asks each time whether it still
    /// holds.
    public Response tagged() {
        return with("ETag", '"' + digest(body) + '"').with("Cache-Control", "no-cache");
    }

    /// Eight hexadecimal digits that are others as soon as the content is another one.
    public static String digest(byte[] content) {
        var crc = new CRC32();
        crc.update(content);
        return HexFormat.of().toHexDigits((int) crc.getValue());
    }

    /// This answer, or 304 without a body if it is one that the client has.
    ///
    /// @param ifNoneMatch the request's header of this name, or null: one tag or several, each strong or weak
    Response unlessAmong(String ifNoneMatch) {
        int tag = ifNoneMatch == null ? -1 : headers.indexOf("ETag");
        boolean known = tag >= 0 && ifNoneMatch.contains(headers.get(tag + 1));
        return known ? new Response(304, headers, new byte[0]) : this;
    }
}
