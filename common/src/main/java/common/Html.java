package common;

/// What all pages share: the head, and the one way text becomes part of a page.
public final class Html {
    private static final String PAGE = Resource.text(Html.class, "page.html");

    private Html() {}

    /// A page with the style and the icon of all others.
    ///
    /// @param title text, to be escaped here
    /// @param root the relative way to the address `/`, empty on that page itself
    /// @param head more elements of the head
    /// @param body the element `body`
    public static String page(String title, String root, String head, String body) {
        return PAGE.formatted(escape(title), root, head, body);
    }

    /// The text with the five characters that mean something in HTML, in an element or a quoted attribute, made
    /// harmless.
    public static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
