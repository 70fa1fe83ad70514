package common;

/// What all pages share: the head, and the one way text becomes part of a page.
public final class Html {
    private static final String PAGE = Resource.text(Html.class, "page.html");

    private Html() {}

    /// A page with the style and the icon of all others.
    ///
    /// @param title text, to be escaped here
    /// @param root the relative way to the address `/`, empty on that page itself
    public static String page(String title, String root, String head, String body) {
        return PAGE.formatted(escape(title), root, head, body);
    }

    /// The text as it is to be written in an element or a quoted attribute.
    public static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
