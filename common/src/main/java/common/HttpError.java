package common;

import com.sun.net.httpserver.Headers;

/// An answer other than success, thrown by a handler: a status and a sentence that the client may read.
public final class HttpError extends RuntimeException {
    private static final long serialVersionUID = 1;
    private static final String MESSAGE = Resource.text(HttpError.class, "message.html");

    private final int status;
    private final transient Headers headers;

    /// @param headers what the answer has besides, as names and values in turn
    public HttpError(int status, String sentence, String... headers) {
        super(sentence, null, false, false);
        this.status = status;
        this.headers = Headers.of(headers);
    }

    /// The answer as a page for a browser, which finds back to the root from this path, or a line for anything else.
    Response response(boolean asPage, String path) {
        Response response = asPage ? Response.html(status, page(path)) : Response.text(status, getMessage() + "\n");
        response.headers().putAll(headers);
        return response;
    }

    private String page(String path) {
        int depth = Math.clamp(path.chars().filter(c -> c == '/').count() - 1, 0, 9); // not a way of 24 KB
        String root = "./" + "../".repeat(depth);
        return Html.page(getMessage(), root, "", MESSAGE.formatted(Html.escape(getMessage()), root));
    }
}
