package lab.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import lab.load.LoadResult;
import lab.report.Measure;
import lab.report.Plot;
import lab.report.Plot.Point;
import lab.report.Report;
import lab.stack.Await;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/// The page of a report, as a browser shows it.
@EnabledIf("lab.browser.Browser#isInstalled")
class ReportPageTest {
    @TempDir
    private Path folder;

    private void write() throws IOException {
        var report = new Report("A report");
        Measure measure = report.measure("jvm", "latency, 99 %", "ms");
        for (double sample : new double[] {10, 11, 12}) {
            measure.add("base", sample);
            measure.add("<b>other</b>", 2 * sample);
        }
        measure.remark("<b>other</b>", "worse +100 % (+90 … +110 %)");
        report.verdict("other is worse.");
        report.fold("Why: base", "Hot methods", "see /elsewhere/base-1.jfr </script>");
        var histogram = LoadResult.histogram();
        histogram.recordValue(1_000_000);
        histogram.recordValue(9_000_000);
        report.latencies("Latency by percentile", "base", histogram);
        report.plot(new Plot("Pauses", "dots", "ms", Map.of("base", List.of(new Point(1, 0.5), new Point(2, 90)))));
        report.write(folder);
    }

    @Test
    void itHasTheVerdictFirstAndItsChartsAndNeedsNothingElse() throws Exception {
        write();
        try (var browser = Browser.start()) {
            browser.runFirst("window.broken = []; addEventListener('error', e => broken.push(e.message))");
            for (boolean phone : new boolean[] {false, true}) {
                if (phone) {
                    browser.phone();
                }
                browser.open(folder.resolve("report.html").toUri());

                assertEquals(List.of(), browser.run("return broken"));
                assertEquals(0L, browser.run("return performance.getEntriesByType('resource').length"));
                assertEquals("other is worse.", browser.text("main > ul li"));
                assertEquals("worse +100 %", browser.text(".matrix .worse"));
                assertEquals("<b>other</b>", browser.text(".matrix th:last-child"));
                assertEquals(
                        List.of(true, true),
                        browser.run("return charts.map(each => each.width <= innerWidth && each.height > 200)"));
                // the labels of the axis are all inside, and none of them is a logarithm of nothing
                assertEquals(true, browser.run("return charts.every(each => each.scales.y.left >= 0)"));
                assertEquals(true, browser.run("return charts[1].scales.y.ticks.every(tick => tick.value > 0)"));
                assertEquals(true, browser.run("return document.documentElement.scrollWidth <= innerWidth"));
            }
            assertTrue(browser.run("return document.querySelector('details pre a').href")
                    .toString()
                    .endsWith("/base-1.jfr"));
            awaitColour(browser, "dark", "#e6e9f0");
            browser.run("dispatchEvent(new Event('beforeprint'))");
            assertEquals("#1d2430", browser.run("return charts[0].options.color"), "on paper");
            browser.run("dispatchEvent(new Event('afterprint'))");
            awaitColour(browser, "light", "#1d2430");
        }
    }

    /// Of the text in a chart.
    private static void awaitColour(Browser browser, String scheme, String colour) {
        browser.prefer("prefers-color-scheme", scheme);
        Await.until("the charts are " + scheme, () -> colour.equals(browser.run("return charts[0].options.color")));
    }
}
