package lab.jvm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.json.JSONArray;
import org.json.JSONObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// On what a shared machine with two processors, busy with much else, measured of one and the same configuration:
/// `same.json` has the samples of forty forks for each measure.
class DifferenceTest {
    private static final int FORKS = 4; // of a quick run
    private static final int MEASURES = 20;

    /// Three times four forks, drawn from the forty, the same ones for each measure.
    private record QuickRun(JSONArray measures, List<Integer> forks) {
        static QuickRun of(JSONArray measures, int seed) {
            List<Integer> all = new ArrayList<>(IntStream.range(0, 40).boxed().toList());
            Collections.shuffle(all, new Random(seed));
            return new QuickRun(measures, all);
        }

        List<Double> samples(JSONObject measure, int group) {
            JSONArray samples = measure.getJSONArray("samples");
            return forks.subList(group * FORKS, (group + 1) * FORKS).stream()
                    .map(samples::getDouble)
                    .toList();
        }

        List<Double> planted(JSONObject measure, double factor) {
            return samples(measure, 2).stream().map(sample -> sample * factor).toList();
        }

        Difference difference(JSONObject measure, List<Double> variant) {
            List<Double> base = new ArrayList<>(samples(measure, 0));
            base.addAll(samples(measure, 1)); // again
            return Difference.of(base, variant, measure.getDouble("grain"), MEASURES);
        }
    }

    private static JSONArray recorded() throws IOException {
        try (InputStream file = DifferenceTest.class.getResourceAsStream("same.json")) {
            return new JSONArray(new String(file.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    private static JSONObject measure(JSONArray all, String name) {
        return IntStream.range(0, all.length())
                .mapToObj(all::getJSONObject)
                .filter(each -> each.getString("name").startsWith(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void theSameConfigurationIsNotFlaggedInTwentyOfTwentyQuickRuns() throws IOException {
        JSONArray measures = recorded();
        for (int seed = 0; seed < 20; seed++) {
            var run = QuickRun.of(measures, seed);
            for (int i = 0; i < measures.length(); i++) {
                JSONObject measure = measures.getJSONObject(i);
                var difference = run.difference(measure, run.samples(measure, 2));
                assertTrue(difference.isNoise(), "run " + seed + ": " + measure.getString("name") + " " + difference);
            }
        }
    }

    /// The heap after a collection is what hardly depends on how busy the machine is; the rate is what does most.
    @ParameterizedTest
    @CsvSource({"heap after, 1.1", "heap after, 0.9", "allocated, 6"})
    void aPlantedDifferenceIsFlaggedInTwentyOfTwenty(String name, double factor) throws IOException {
        JSONArray measures = recorded();
        JSONObject measure = measure(measures, name);
        for (int seed = 0; seed < 20; seed++) {
            var run = QuickRun.of(measures, seed);
            var difference = run.difference(measure, run.planted(measure, factor));
            assertFalse(difference.isNoise(), "run " + seed + ": " + difference);
        }
    }

    @Test
    void onAQuietMachineTenPercentAreSeen() {
        var difference =
                Difference.of(List.of(100.0, 101.0, 99.0, 100.5), List.of(110.0, 111.0, 109.0, 110.5), 1, MEASURES);

        assertFalse(difference.isNoise());
        assertEquals(0.1, difference.change(), 0.01);
        assertTrue(difference.toString(1).startsWith("better +10"), difference.toString(1));
        assertTrue(difference.toString(-1).startsWith("worse +10"), difference.toString(-1));
    }

    @Test
    void theLessForksAreLeftTheLessIsSeen() {
        List<Double> base = List.of(100.0, 101.0, 99.0, 100.5);

        assertFalse(
                Difference.of(base, List.of(102.5, 103.5, 101.5, 103.0), 0, 1).isNoise());
        assertTrue(Difference.of(base, List.of(102.5), 0, 1).isNoise());
    }

    @Test
    void whatTheClockCannotTellApartIsNoDifference() {
        List<Double> base = List.of(20.0, 20.0, 20.0);

        assertTrue(Difference.of(base, List.of(21.0, 21.0, 21.0), 10, MEASURES).isNoise());
        assertFalse(Difference.of(base, List.of(90.0, 90.0, 90.0), 10, MEASURES).isNoise());
    }

    @Test
    void zeroIsComparedByDifferenceAndNotByRatio() {
        List<Double> none = List.of(0.0, 0.0, 0.0);

        assertEquals(
                "≈ (0 … 0)",
                Difference.of(none, none, 0, MEASURES)
                        .toString(1)
                        .replace("+", "")
                        .replace("−", ""));
        assertFalse(Difference.of(none, List.of(50.0, 51.0, 49.0), 1, MEASURES).isNoise());
    }
}
