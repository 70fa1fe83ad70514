package lab.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import lab.stack.Await;
import lab.stack.Service;
import lab.stack.TestSystem;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIf;

/// What moves on the result page, that no number is wrong for it, and that the page keeps nobody out.
@EnabledIf("lab.browser.Browser#isInstalled")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ShowTest {
    private static final List<String> TWO = List.of("Cats", "Dogs");
    private static final String LONG =
            "A playground behind the old town hall with a water course, a swing and benches in the shade of trees";
    private static final String NO_WORKER =
            "No worker is heard of. What waits in the queue is counted when one is back.";
    private static final String NO_DATABASE = "The database cannot be reached, so nobody knows how the vote stands.";

    private TestSystem system;
    private Browser browser;

    @BeforeAll
    void start() {
        system = new TestSystem(Map.of("OPTIONS", "Cats,Dogs"), "result").start();
        browser = Browser.start();
    }

    @AfterAll
    void stop() {
        try (var _ = system;
                var _ = browser) {
            // both are closed
        }
    }

    private Stage stage(String motion) {
        browser.desktop();
        return new Stage(browser, system.service("result").address(), motion);
    }

    private static void show(Stage stage, long cats, long dogs) {
        stage.show(TWO, List.of(cats, dogs), "", Map.of());
    }

    private List<String> numbers() {
        List<String> numbers = new ArrayList<>(browser.texts("#standing .votes, #standing .percent"));
        numbers.add(browser.text("#total"));
        return numbers;
    }

    /// Each number of votes that was shown since this was asked for.
    private void record() {
        browser.run("""
                window.seen = [];
                new MutationObserver(() => seen.push(document.querySelector(".votes").textContent))
                    .observe(document.querySelector(".votes"), { childList: true, characterData: true, subtree: true });
                """);
    }

    private Set<?> seen() {
        return new HashSet<>((List<?>) browser.run("return seen"));
    }

    @Test
    void countsUpToWhereItIs() {
        Stage stage = stage("no-preference");
        Await.until(
                "a number is seen between the two",
                () -> { // a busy browser may draw none
                    show(stage, 10, 10);
                    browser.awaitTexts("#total", "20");
                    record();
                    show(stage, 9_000, 1_000);
                    browser.awaitTexts("#standing .votes", "9,000 votes", "1,000 votes");
                    browser.awaitTexts("#standing .percent", "90.0%", "10.0%");
                    browser.awaitTexts("#total", "10,000");
                    return seen().size() > 2;
                });
    }

    /// However soon the next standing comes, the one before it is shown by then.
    @Test
    void isNeverBehindTheStandingBefore() {
        stage("no-preference");
        assertEquals(List.of("200 votes", "300 votes"), browser.run("""
                shown(["Cats", "Dogs"], [1, 0], "");
                shown(["Cats", "Dogs"], [200, 300], "");
                shown(["Cats", "Dogs"], [4000, 7000], "");
                return [...document.querySelectorAll(".votes")].map(votes => votes.textContent);
                """));
        browser.awaitTexts("#standing .votes", "4,000 votes", "7,000 votes");
    }

    @Test
    void countsNothingUpForWhomMotionDisturbs() {
        Stage stage = stage("reduce");
        show(stage, 10, 10);
        record();
        show(stage, 9_000, 1_000);
        assertEquals(List.of("90.0%", "9,000 votes", "10.0%", "1,000 votes", "10,000"), numbers(), "not there at once");
        assertEquals(Set.of("9,000 votes"), seen());
        assertEquals(0L, browser.run("return document.getAnimations().length"));
    }

    @Test
    void isRightAtOnceWhenNobodyLooks() {
        Stage stage = stage("no-preference");
        show(stage, 10, 10);
        assertEquals("7,777 votes", browser.run("""
                shown(["Cats", "Dogs"], [7777, 1], "");
                Object.defineProperty(document, "hidden", { get: () => true });
                document.dispatchEvent(new Event("visibilitychange"));
                return document.querySelector(".votes").textContent;
                """));
        assertEquals("8,888 votes", browser.run("""
                shown(["Cats", "Dogs"], [8888, 1], "");
                return document.querySelector(".votes").textContent;
                """));
    }

    @Test
    void crownsWhoLeadsAndNobodyInATie() {
        Stage stage = stage("no-preference");
        show(stage, 2, 1);
        assertEquals(List.of("Cats"), browser.texts(".leads h2"));
        show(stage, 2, 2);
        assertEquals(List.of(), browser.texts(".leads h2"));
        assertEquals(0L, moving("crown"));
        show(stage, 2, 3);
        assertEquals(List.of("Dogs"), browser.texts(".leads h2"));
        assertEquals(1L, moving("crown"));
        show(stage, 0, 0);
        assertEquals(List.of(), browser.texts(".leads h2"));
    }

    private Object moving(String animation) {
        return browser.run(
                "return document.getAnimations().filter(a => a.animationName === arguments[0]).length", animation);
    }

    @Test
    void celebratesTheFirstVoteOnce() {
        Stage stage = stage("no-preference");
        show(stage, 0, 0);
        assertEquals(0L, moving("burst"));
        show(stage, 0, 1);
        assertEquals(1L, moving("burst"));
        browser.awaitRest();
        show(stage, 1, 1);
        assertEquals(0L, moving("burst"));
    }

    @Test
    void celebratesNoVotesThatItOnlyDidNotKnow() {
        Stage stage = stage("no-preference");
        unknown(stage);
        show(stage, 5, 1);
        assertEquals(0L, moving("burst"));
    }

    private static void unknown(Stage stage) {
        var unknown = new HashMap<String, Object>(Map.of("database", false));
        unknown.put("waiting", null);
        unknown.put("stored_at", null);
        stage.show(TWO, List.of(0L, 0L), NO_DATABASE, unknown);
    }

    @Test
    void fillsAndDrainsTheStripByWhatWaits() {
        Stage stage = stage("reduce");
        int window = 1280;
        long[][] lengths = {{0, 0}, {50, 50}, {100, 100}, {640, 64}, {1_000, 100}, {100, 10}, {0, 0}, {10, 10}};
        for (long[] length : lengths) {
            stage.show(TWO, List.of(1L, 1L), "", Map.of("waiting", length[0]));
            assertEquals(window * length[1] / 100, strip(), length[0] + " wait");
        }
        var nobodyKnows = new HashMap<String, Object>();
        nobodyKnows.put("waiting", null);
        stage.show(TWO, List.of(1L, 1L), NO_WORKER, nobodyKnows);
        assertEquals((long) window, strip());
        assertEquals(true, browser.run("return document.getElementById('backlog').matches('.unknown')"));
        assertEquals("unknown", browser.text("#waiting"));
        stage.show(TWO, List.of(1L, 1L), "", nobodyKnows);
        assertEquals(0L, strip(), "another's worker moves the votes: all is well, as far as anybody knows");
    }

    private long strip() {
        return (Long)
                browser.run("return Math.round(document.getElementById('backlog').getBoundingClientRect().width)");
    }

    @Test
    void claimsNothingThatItDoesNotKnow() {
        Stage stage = stage("reduce");
        for (int i = 0; i < 2; i++) {
            unknown(stage);
            assertEquals(List.of("unknown", "unknown", "unknown"), browser.texts("dd"));
            browser.awaitText("#trouble", NO_DATABASE);
        }
        var byAnotherWorker = new HashMap<String, Object>();
        byAnotherWorker.put("waiting", null);
        byAnotherWorker.put("stored_at", null);
        stage.show(TWO, List.of(2L, 1L), "", byAnotherWorker);
        assertEquals(List.of("3", "unknown", "unknown"), browser.texts("dd"));
        stage.show(TWO, List.of(0L, 0L), "", byAnotherWorker);
        assertEquals(List.of("0", "unknown", "never"), browser.texts("dd"));
    }

    @Test
    void keepsNobodyOut() {
        Stage stage = stage("reduce");
        show(stage, 0, 0);
        Accessibility.assertNoBarriers(browser, "nobody");
        show(stage, 1, 0);
        Accessibility.assertNoBarriers(browser, "one vote");
        show(stage, 9_000, 1_000);
        Accessibility.assertNoBarriers(browser, "90/10");
        stage.show(List.of(LONG, "מגרש משחקים חדש"), List.of(4L, 5L), "", Map.of());
        Accessibility.assertNoBarriers(browser, "long labels");
        stage.show(TWO, List.of(4L, 5L), NO_WORKER, Map.of("worker", false));
        Accessibility.assertNoBarriers(browser, "no worker");
        unknown(stage);
        Accessibility.assertNoBarriers(browser, "no database");
        var twelve = IntStream.range(0, 12).mapToObj(i -> "Option " + i).toList();
        Service page = system.start("result", Map.of("OPTIONS", String.join(",", twelve)));
        stage = new Stage(browser, page.address(), "reduce");
        stage.show(twelve, IntStream.range(0, 12).mapToObj(i -> i * 7L).toList(), "", Map.of());
        Accessibility.assertNoBarriers(browser, "12 options");
    }

    /// Uncompressed, as it travels.
    @Test
    void weighsLessThanThirtyKilobytes() throws Exception {
        Service page = system.service("result");
        String html = page.get("").body();
        int bytes = html.length();
        var links = Pattern.compile("(?:href|src)=\"([^\":]+)\"").matcher(html);
        Set<String> files = new HashSet<>();
        while (links.find()) {
            files.add(links.group(1));
        }
        assertTrue(files.containsAll(Set.of("style.css", "result.css", "result.js", "icon.svg")), files.toString());
        for (String file : files) {
            bytes += page.get(file).body().length();
        }
        assertFalse(bytes > 30_000, bytes + " bytes");
    }
}
