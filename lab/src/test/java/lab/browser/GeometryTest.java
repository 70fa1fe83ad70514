package lab.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import lab.stack.TestSystem;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The result page shows every label and every number in full, on whatever screen and whatever they are.
@EnabledIf("lab.browser.Browser#isInstalled")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GeometryTest {
    private static final List<Size> SIZES = List.of(
            new Size(320, 568),
            new Size(360, 640),
            new Size(390, 844),
            new Size(768, 1024),
            new Size(1280, 800),
            new Size(1920, 1080),
            new Size(568, 320),
            new Size(844, 390));

    private static final List<Size> WALLS = List.of(new Size(1280, 800), new Size(1920, 1080));

    private static final String SENTENCE =
            "A playground behind the old town hall with a water course, a swing and benches in the shade of trees";
    private static final String WORD = "Antidisestablishmentarianism".repeat(4).substring(0, 100);
    private static final String HEBREW = "מגרש משחקים חדש מאחורי בית העירייה";

    private TestSystem system;
    private Browser browser;

    private record Size(int width, int height) {}

    @BeforeAll
    void start() {
        system = new TestSystem(Map.of(), "result").start();
        browser = Browser.start();
    }

    @AfterAll
    void stop() {
        try (var _ = system;
                var _ = browser) {
            // both are closed
        }
    }

    private Stage stage(int options) {
        return new Stage(
                browser,
                system.start("result", Map.of("OPTIONS", String.join(",", numbered(options, "Option"))))
                        .address(),
                "reduce");
    }

    /// So many labels, each of which begins or ends with another number and none of which is longer than 100.
    private static List<String> numbered(int options, String label) {
        return IntStream.range(0, options)
                .mapToObj(i -> i + " " + label.substring(0, Math.min(label.length(), 97)))
                .toList();
    }

    private static Map<String, List<String>> labels(int options) {
        List<String> kinds = List.of("Cats", "Repair the structure of the bridge", SENTENCE, WORD, HEBREW);
        return Map.of(
                "letters",
                IntStream.range(0, options).mapToObj(i -> "" + (char) ('A' + i)).toList(),
                "words",
                numbered(options, kinds.get(1)),
                "sentences",
                numbered(options, SENTENCE),
                "endless words",
                IntStream.range(0, options).mapToObj(i -> WORD).toList(),
                "right to left",
                numbered(options, HEBREW),
                "mixed",
                IntStream.range(0, options).mapToObj(i -> kinds.get(i % 5)).toList());
    }

    /// Shares of the first option from none to all, with few votes and with millions.
    private static List<List<Long>> counts(int options) {
        return Stream.of(new long[] {0, 54_321}, new long[] {10, 1}, new long[] {100, 54_321})
                .map(share -> IntStream.range(0, options)
                        .mapToObj(i -> share[1] * (i == 0 ? share[0] : (100 - share[0]) / (options - 1)))
                        .toList())
                .toList();
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 5, 12, 26})
    void showsAllTextInFull(int options) {
        stage(options);
        List<Object> found = new ArrayList<>();
        for (Size size : SIZES) {
            browser.size(size.width, size.height, false);
            found.addAll(problems(size + ": ", options, "100%", "200%"));
            browser.size(size.width / 2, size.height / 2, false);
            found.addAll(problems(size + " zoomed to 200%: ", options, "100%"));
        }
        assertEquals("", String.join("\n", found.stream().map(Object::toString).toList()));
    }

    private List<String> problems(String where, int options, String... texts) {
        var found =
                (List<?>) browser.run("return problemsOfAll(...arguments)", labels(options), counts(options), texts);
        return found.stream().map(problem -> where + problem).toList();
    }

    @Test
    void splitsTheScreenExactlyAtEveryShare() {
        stage(2);
        for (Size size : SIZES) {
            browser.size(size.width, size.height, false);
            var fields = (List<?>) browser.run("return fields()");
            for (int percent = 0; percent <= 100; percent++) {
                assertEquals(percent, ((Number) fields.get(percent)).doubleValue(), 0.01, size.toString());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 5, 12, 26})
    void canBeReadFromTheLastRow(int options) {
        Stage stage = stage(options);
        for (Size size : WALLS) {
            browser.size(size.width, size.height, false);
            for (String trouble : List.of("", "No worker is heard of.")) {
                stage.show(numbered(options, "Option"), counts(options).get(2), trouble, Map.of());
                var smallest = (List<?>) browser.run("return smallest()");
                assertTrue(((Number) smallest.getFirst()).doubleValue() >= 2.2, size + ": " + smallest);
            }
        }
    }

    @Test
    void givesTwentySixOptionsLooksOfTheirOwn() {
        Stage stage = stage(26);
        stage.show(numbered(26, "Option"), counts(26).get(2), "", Map.of());
        for (String scheme : List.of("light", "dark")) {
            browser.prefer("prefers-color-scheme", scheme);
            var looks = (List<?>) browser.run("""
                    return [...document.querySelectorAll("#standing .share")].map(getComputedStyle)
                        .map(style => style.backgroundColor + style.backgroundImage)""");
            assertEquals(26, Stream.of(looks.toArray()).distinct().count(), scheme);
        }
    }

    @Test
    void drawsNothingForNoVotes() {
        Stage stage = stage(3);
        stage.show(numbered(3, "Option"), List.of(3L, 0L, 1L), "", Map.of());
        assertEquals(List.of(true, false, true), browser.run("""
                return [...document.querySelectorAll("#standing .share")].map(bar => bar.getBoundingClientRect().width > 0)
                """));
    }
}
