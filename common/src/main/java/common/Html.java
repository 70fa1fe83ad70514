package common;

/// The one way text becomes part of a page.
public final class Html {
    private Html() {}

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
