package lab.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;

/// A page must keep nobody out, by day or by night.
final class Accessibility {
    private Accessibility() {}

    /// The open page has no finding of axe-core in light or in dark, and is in light afterwards.
    ///
    /// @param state what the page shows now, for whoever reads of a finding
    static void assertNoBarriers(Browser browser, String state) {
        for (String scheme : List.of("dark", "light")) {
            browser.prefer("prefers-color-scheme", scheme);
            browser.awaitRest();
            assertEquals(List.of(), browser.barriers(), state + ", " + scheme);
        }
    }
}
