package lab.browser;

import common.Resource;
import java.net.URI;
import java.util.List;
import java.util.Map;

/// The result page with any standing: its server is real, and its script; only what the script is told comes from the
/// test.
final class Stage {
    private static final String SCRIPT = Resource.text(Stage.class, "stage.js");

    private final Browser browser;

    /// @param page where a result server is
    /// @param motion what the viewer prefers: `reduce`, and each standing is there at once, or `no-preference`
    Stage(Browser browser, URI page, String motion) {
        this.browser = browser;
        browser.prefer("prefers-reduced-motion", motion);
        browser.runFirst("window.fetch = () => new Promise(() => {})");
        browser.open(page);
        browser.runAsync("import('/result.js').then(script => { window.show = script.show; done(); })");
        browser.run(SCRIPT + """
                Object.assign(window, { shown, problems, problemsOfAll, smallest, fields });
                const way = document.getElementById("way");
                way.hidden = false;
                way.innerHTML = "Vote at <a href='http://192.168.1.7:5000'>192.168.1.7:5000</a>";
                """);
    }

    /// Shows this standing; `more` replaces what the server would otherwise say, like `waiting`.
    void show(List<String> labels, List<Long> counts, String trouble, Map<String, Object> more) {
        browser.run("shown(...arguments)", labels, counts, trouble, more);
    }
}
