package lab.jvm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import lab.load.LoadResult;
import lab.report.Report;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/// What is said of forks that were measured so and so.
class ComparisonTest {
    private static final Variant BASE = Variant.of("base=");
    private static final Variant OTHER = Variant.of("other=-Xint");
    private static final List<Variant> ALL = List.of(BASE, BASE.again(), OTHER);

    @TempDir
    private Path folder;

    private Report report;
    private Comparison comparison;
    private Recording nothing;
    private int forks;

    @BeforeEach
    void record() throws Exception {
        asked("--variant", "base=", "--variant", "other=-Xint");
        try (var recording = new jdk.jfr.Recording()) {
            recording.start();
            recording.stop();
            recording.dump(folder.resolve("nothing.jfr"));
        }
        Files.createFile(folder.resolve("nothing.gc.log"));
        nothing = new Recording(folder.resolve("nothing"), Instant.MIN, Instant.MIN, Instant.MIN);
    }

    private void asked(String... arguments) {
        report = new Report("test");
        comparison = new Comparison(
                CommandLine.populateCommand(new Plan(), arguments).checked(), report);
    }

    private static LoadResult load(double rate, long errors) {
        var intervals = LoadResult.intervals(10);
        intervals[0].recordValue(1_000_000);
        int[] perSecond = new int[10];
        Arrays.fill(perSecond, (int) rate);
        return new LoadResult(errors, 0, 10, intervals, perSecond, 1);
    }

    /// One more fork of all three, which differ by a few percent; but the other as it is said.
    private void fork(double rate, double saturated, long errors, String disturbance) {
        double noise = 1 + 0.01 * (forks++ % 3);
        comparison.add(BASE, trial(2000, 20_000 * noise, 0, ""));
        comparison.add(BASE.again(), trial(2000, 20_100 * noise, 0, ""));
        comparison.add(OTHER, trial(rate, saturated * noise, errors, disturbance));
    }

    private Trial trial(double rate, double saturated, long errors, String disturbance) {
        return new Trial(
                "fork-" + forks,
                500,
                load(rate, errors),
                load(saturated, 0),
                20_000,
                1,
                0,
                100,
                nothing,
                List.of(),
                disturbance);
    }

    private String verdict(int exitCode) throws Exception {
        assertEquals(exitCode, comparison.conclude(ALL));
        return report.verdict();
    }

    /// The words of a row of the matrix.
    private static String row(String verdict, String measure) {
        return verdict.lines()
                .filter(line -> line.startsWith(measure))
                .findFirst()
                .orElse("")
                .replaceAll(" +", " ");
    }

    @Test
    void whatIsTheSameIsNotCalledDifferent() throws Exception {
        for (int i = 0; i < 7; i++) {
            fork(2000, 20_050, 0, "");
        }

        String verdict = verdict(0);

        assertTrue(verdict.contains("Nothing differs from the base beyond the noise."), verdict);
        assertTrue(row(verdict, "throughput").matches(".*20,200 ≈ ≈"), verdict);
    }

    @Test
    void whoDidNotHoldTheRateHasNoLatenciesToCompare() throws Exception {
        fork(1344, 10_000, 0, "");
        fork(1300, 10_000, 0, "");
        fork(1400, 10_000, 0, "");
        fork(2000, 10_000, 0, "");

        String verdict = verdict(0);

        assertTrue(
                verdict.contains(
                        "other did not hold 2000/s: answered 1,344/s in 3 of 4 forks; its latencies are not comparable."),
                verdict);
        assertTrue(row(verdict, "latency, 99 %").endsWith("1.00 ≈ not comparable"), verdict);
        assertTrue(row(verdict, "throughput").endsWith("≈ worse −50 %"), verdict);
    }

    @Test
    void errorsAreForksAndNoMedian() throws Exception {
        fork(2000, 20_000, 1889, "");
        fork(2000, 20_000, 0, "");
        fork(2000, 20_000, 0, "");

        assertTrue(row(verdict(0), "errors").endsWith("0 of 3 forks 0 of 3 forks 1 of 3 forks"), report.verdict());
    }

    @Test
    void aDisturbedForkIsLeftOutAndNamed() throws Exception {
        fork(2000, 20_000, 0, "");
        fork(2000, 20_000, 0, "");
        fork(2000, 20_000, 0, "");
        fork(20, 200, 0, "others took 80 % of the processors");

        String verdict = verdict(0);

        assertTrue(verdict.contains("Disturbed forks (1), which are left out: fork-4 (others took 80 %"), verdict);
        assertTrue(row(verdict, "throughput").endsWith("≈ ≈"), verdict);
        assertFalse(verdict.contains("did not hold"), verdict);
    }

    @Test
    void aGuardFailsOnWhatItNamesAndOnNothingElse() throws Exception {
        for (String[] guard : new String[][] {{"0", "p99,start"}, {"1", "p99,throughput"}}) {
            asked("--variant", "base=", "--variant", "other=-Xint", "--fail-on", guard[1]);
            for (int i = 0; i < 7; i++) {
                fork(2000, 16_000, 0, "");
            }

            verdict(Integer.parseInt(guard[0]));
        }
        assertTrue(report.verdict().contains("WORSE, of what --fail-on names: throughput, saturated of other."));
    }

    @Test
    void aGuardThatCannotTellSaysSo() throws Exception {
        asked("--variant", "base=", "--variant", "other=-Xint", "--fail-on", "throughput");
        for (int i = 0; i < 7; i++) {
            fork(2000, 16_000, 0, "others took 80 % of the processors");
        }

        assertTrue(verdict(3).contains("NOT JUDGED, of what --fail-on names: throughput, saturated of other."));
    }

    /// Forks so uneven that a loss of 40 % is within the noise.
    @Test
    void aGuardThatIsBlindSaysSo() throws Exception {
        asked("--variant", "base=", "--variant", "other=-Xint", "--fail-on", "throughput");
        for (double noise : new double[] {1, 0.4, 1.6, 0.7}) {
            comparison.add(BASE, trial(2000, 20_000 * noise, 0, ""));
            comparison.add(BASE.again(), trial(2000, 20_000 * noise, 0, ""));
            comparison.add(OTHER, trial(2000, 12_000 * noise, 0, ""));
            forks++;
        }

        assertTrue(verdict(3).contains("NOT JUDGED, of what --fail-on names: throughput, saturated;"));
    }

    /// The base is even, and the variant so uneven that a loss of 40 % is within its noise.
    @Test
    void aGuardThatIsBlindForOneVariantSaysSo() throws Exception {
        asked("--variant", "base=", "--variant", "other=-Xint", "--fail-on", "throughput");
        for (double noise : new double[] {1, 0.4, 1.6, 0.7}) {
            fork(2000, 15_000 * noise, 0, "");
        }

        assertTrue(verdict(3).contains("NOT JUDGED, of what --fail-on names: throughput, saturated of other."));
    }

    /// Judged beside twenty other measures it would be within the noise.
    @Test
    void aGuardSeesOneMeasureBetterThanMany() throws Exception {
        for (String[] guard : new String[][] {{"0", "start"}, {"1", "throughput"}}) {
            asked("--variant", "base=", "--variant", "other=-Xint", "--fail-on", guard[1]);
            for (double noise : new double[] {1, 0.9, 1.1, 1, 0.92, 1.08, 1}) {
                comparison.add(BASE, trial(2000, 20_000 * noise, 0, ""));
                comparison.add(BASE.again(), trial(2000, 20_000 / noise, 0, ""));
                comparison.add(OTHER, trial(2000, 17_600 * noise, 0, ""));
                forks++;
            }

            verdict(Integer.parseInt(guard[0]));
        }
    }

    @Test
    void aGuardOfErrorsFailsIfAllForksHaveSomeAndCannotTellIfOnlySomeHave() throws Exception {
        for (long[] guard : new long[][] {{0, 0, 0}, {1, 10, 10}, {3, 0, 10}}) {
            asked("--variant", "base=", "--variant", "other=-Xint", "--fail-on", "errors");
            for (int i = 0; i < 4; i++) {
                fork(2000, 20_000, i == 0 ? guard[1] : guard[2], "");
            }

            verdict((int) guard[0]);
        }
    }

    @Test
    void aGuardDoesNotFailForOneForkThatDidNotHoldTheRate() throws Exception {
        for (int[] guard : new int[][] {{3, 1}, {1, 3}}) {
            asked("--variant", "base=", "--variant", "other=-Xint", "--fail-on", "p99");
            for (int i = 0; i < 4; i++) {
                fork(i < guard[1] ? 1300 : 2000, 20_000, 0, "");
            }

            assertFalse(verdict(guard[0]).contains("Nothing differs"), report.verdict());
        }
    }

    /// There are neither stalls nor forks that could have had some.
    @Test
    void aGuardOfWhatIsNothingNeedsForksToo() throws Exception {
        for (String disturbance : List.of("", "others took 80 % of the processors")) {
            asked("--variant", "base=", "--variant", "other=-Xint", "--fail-on", "stalls");
            for (int i = 0; i < 4; i++) {
                fork(2000, 20_000, 0, disturbance);
            }

            verdict(disturbance.isEmpty() ? 0 : 3);
        }
    }
}
