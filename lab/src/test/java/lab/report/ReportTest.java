package lab.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import lab.load.LoadResult;
import org.json.JSONObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {
    private final Report report = new Report("Speed");

    private Measure measure() {
        Measure measure = report.measure("vote", "rate", "votes/s");
        for (double sample : new double[] {300, 100, 200}) {
            measure.add("ours", sample);
            measure.add("ceiling: <empty>", 2 * sample);
        }
        return measure;
    }

    @Test
    void theMedianIsTheMiddleOneOrBetweenTheTwoMiddleOnes() {
        assertEquals(2, Measure.median(List.of(3.0, 1.0, 2.0)));
        assertEquals(2.5, Measure.median(List.of(4.0, 1.0, 2.0, 3.0)));
    }

    @Test
    void numbersHaveThreeDigitsAndNoMoreThanMatter() {
        assertEquals("12,345", Measure.format(12345.4));
        assertEquals("123", Measure.format(123.4));
        assertEquals("12.3", Measure.format(12.34));
        assertEquals("1.23", Measure.format(1.234));
    }

    @Test
    void samplesOfTheSameRoundAreCompared() {
        assertEquals(List.of(0.5, 0.5, 0.5), measure().ratio("ours", "ceiling: <empty>"));
    }

    @Test
    void aGoalIsReachedByTheMedian() {
        Measure measure = measure();
        report.atLeast(0.5, "ours / ceiling", measure.ratio("ours", "ceiling: <empty>"));
        report.atMost(199, "ours", measure.samples.get("ours"));

        assertTrue(report.table().contains("ours / ceiling: 0.50 (0.50 … 0.50), goal at least 0.50: reached\n"));
        assertTrue(report.table().contains("ours: 200 (100 … 300), goal at most 199: NOT reached\n"));
    }

    @Test
    void theTableHasMedianAndRange() {
        measure();

        assertTrue(report.table().matches("(?s).*ours +200 +100 … 300.*"), report.table());
    }

    @Test
    void theSameStandsInJsonAndInAPageThatNeedsNothingElse(@TempDir Path folder) throws Exception {
        measure();
        var histogram = LoadResult.histogram();
        for (int i = 1; i <= 1000; i++) {
            histogram.recordValue(i * 100_000L);
        }
        report.latencies("vote: 5,000/s", "ours", histogram);

        report.write(folder);

        var json = new JSONObject(Files.readString(folder.resolve("report.json")));
        var series = json.getJSONArray("measures").getJSONObject(0).getJSONArray("series");
        assertEquals(200, series.getJSONObject(0).getDouble("median"));
        var curve = json.getJSONArray("plots")
                .getJSONObject(0)
                .getJSONArray("series")
                .getJSONArray(0);
        var points = curve.getJSONArray(1);
        assertEquals(1000, points.getJSONObject(points.length() - 1).getDouble("x"), "the slowest of a thousand");
        // what a browser makes of the page is in lab.browser.ReportPageTest
    }
}
