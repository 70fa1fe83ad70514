package common;

import java.util.Map;

/// An answer other than success, thrown by a handler: a status and a sentence that the client may read.
public final class HttpError extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int status;
    private final transient Map<String, String> headers;

    public HttpError(int status, String sentence) {
        this(status, sentence, Map.of());
    }

    public HttpError(int status, String sentence, Map<String, String> headers) {
        super(sentence, null, false, false);
        this.status = status;
        this.headers = headers;
    }

    /// The answer as a page for a browser or a line for anything else.
    ///
    /// @param path where it was asked for, from which the page finds its way back to the root
    Response response(boolean asPage, String path) {
        return (asPage ? Response.html(status, page(path)) : Response.text(status, getMessage() + "\n")).with(headers);
    }

    private String page(String path) {
        String root = "./"
                + "../".repeat((int) path.chars().skip(1).filter(c -> c == '/').count());
        return Html.page(heading(), root, "", """
                <body class="message">
                <main>
                <h1>%s</h1>
                <p>%s</p>
                <p><a href="%s">Back to the page</a></p>
                </main>
                </body>
                """.formatted(heading(), Html.escape(getMessage()), root));
    }

    private String heading() {
        return switch (status) {
            case 403 -> "Not allowed";
            case 404 -> "Not found";
            case 429, 503 -> "Not right now";
            default -> status < 500 ? "Not understood" : "Something broke";
        };
    }
}
