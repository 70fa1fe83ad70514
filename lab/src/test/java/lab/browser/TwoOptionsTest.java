package lab.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import lab.stack.Await;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;

/// Both pages with two options, while everything runs.
@EnabledIf("lab.browser.Browser#isInstalled")
class TwoOptionsTest {
    private static final String PERCENT = "#standing .percent";

    private static Pages pages;
    private static Browser browser;

    @BeforeAll
    static void start(@TempDir Path data) {
        pages = Pages.start(data, "Cats,Dogs");
        browser = Browser.start();
    }

    @AfterAll
    static void stop() {
        try (var _ = pages;
                var _ = browser) {
            // both are closed
        }
    }

    @BeforeEach
    void nobodyHasVoted() {
        pages.votes();
        browser.prefer("prefers-color-scheme", "light");
        browser.desktop();
        browser.open(pages.ballot());
        browser.forgetCookies();
    }

    @Test
    void saysThatNobodyHasVotedAndShowsNoShares() {
        browser.open(pages.standing());
        browser.awaitText("#nobody", "Nobody has voted yet.");
        assertEquals(List.of(), browser.texts(PERCENT));
        assertEquals("", browser.text("#trouble"));
        browser.awaitText("#live", "Live");
        assertEquals(List.of(), browser.barriers());
        browser.screenshot("result-nobody");
        browser.prefer("prefers-color-scheme", "dark");
        browser.screenshot("result-nobody-dark");
    }

    @Test
    void showsAVoteAndItsChangeInEveryTabWithoutReload() {
        String ballot = browser.tab();
        browser.open(pages.ballot());
        String first = browser.openTab(pages.standing());
        browser.awaitText("#nobody", "Nobody has voted yet.");
        browser.run("window.sinceOpened = true");
        String second = browser.openTab(pages.standing());
        browser.run("window.sinceOpened = true");

        browser.turnTo(ballot);
        browser.click("button[value=a]");
        browser.awaitText("[role=status]", "Your vote is in.");
        for (String tab : List.of(first, second)) {
            browser.turnTo(tab);
            browser.awaitTexts(PERCENT, "100.0%", "0.0%");
            assertEquals(List.of("1 vote", "0 votes"), browser.texts("#standing .votes"));
        }
        browser.turnTo(ballot);
        browser.click("button[value=b]");
        for (String tab : List.of(first, second)) {
            browser.turnTo(tab);
            browser.awaitTexts(PERCENT, "0.0%", "100.0%");
            assertEquals(true, browser.run("return window.sinceOpened"), "the page was loaded again");
        }
        browser.awaitText("#stored-at", "ago");
        browser.closeOtherTabs(ballot);
    }

    @Test
    void splitsTheScreenAsTheVotesAreSplit() {
        pages.votes(3, 1);
        browser.open(pages.standing());
        browser.awaitTexts(PERCENT, "75.0%", "25.0%");
        browser.screenshot("result-two");
        assertEquals(960L, browser.run("""
                return Math.round(document.querySelector("#standing li").getBoundingClientRect().width)"""));
        pages.votes(1, 999);
        browser.awaitTexts(PERCENT, "0.1%", "99.9%");
        browser.screenshot("result-two-lopsided");
        browser.size(1920, 1080, false);
        browser.screenshot("result-two-projector");
    }

    @Test
    void hasNoBarriersInLightOrDark() {
        pages.votes(1234, 987);
        for (String scheme : List.of("light", "dark")) {
            browser.prefer("prefers-color-scheme", scheme);
            browser.open(pages.standing());
            browser.awaitText("#pace", "now");
            browser.screenshot("result-two-" + scheme);
            assertEquals(List.of(), browser.barriers(), scheme + " result");
            browser.open(pages.ballot());
            browser.screenshot("ballot-" + scheme);
            assertEquals(List.of(), browser.barriers(), scheme + " ballot");
            browser.click("button[value=b]");
            browser.awaitText("button[value=b]", "Your vote");
            browser.screenshot("ballot-voted-" + scheme);
            assertEquals(List.of(), browser.barriers(), scheme + " ballot after voting");
            browser.open(pages.standing().resolve("no/such/page"));
            browser.screenshot("error-" + scheme);
            assertEquals(List.of(), browser.barriers(), scheme + " error page");
        }
    }

    @Test
    void fitsAPhone() {
        pages.votes(1234, 987);
        browser.phone();
        browser.open(pages.standing());
        browser.awaitText("#pace", "now");
        assertNothingSticksOut();
        browser.screenshot("result-two-phone");
        browser.open(pages.ballot());
        browser.click("button[value=a]");
        assertNothingSticksOut();
        browser.screenshot("ballot-phone");
    }

    private static void assertNothingSticksOut() {
        assertEquals(360L, browser.run("return document.documentElement.scrollWidth"), "wider than the screen");
    }

    @Test
    void takesAVoteByKeyboardAndRemembersIt() {
        browser.open(pages.ballot());
        browser.type(Keys.chord(Keys.TAB));
        assertEquals("Cats", browser.run("return document.activeElement.innerText"));
        browser.type(Keys.chord(Keys.TAB));
        browser.type(Keys.chord(Keys.ENTER));
        browser.awaitText("button[aria-pressed=true]", "Dogs");
        browser.open(pages.ballot());
        assertEquals("Dogs\nYour vote", browser.text("button[aria-pressed=true]"));
    }

    @Test
    void tellsAScreenReaderHowItStands() {
        pages.votes(1, 1);
        browser.open(pages.standing());
        browser.awaitTexts(PERCENT, "50.0%", "50.0%");
        assertEquals("", browser.text("#spoken"), "what is on the page anyway is not said again");
        pages.votes(2, 1);
        browser.awaitText("#spoken", "Cats 66.7%, Dogs 33.3%. 3 votes.");
    }

    @Test
    void standsStillForWhomMotionDisturbs() {
        browser.prefer("prefers-reduced-motion", "reduce");
        pages.votes(1, 1);
        browser.open(pages.standing());
        browser.awaitText("#live", "Live");
        pages.votes(2, 1);
        browser.awaitTexts(PERCENT, "66.7%", "33.3%");
        assertEquals(0L, browser.run("return document.getAnimations().length"));
    }

    @Test
    void worksWithoutJavaScript() {
        try (var plain = Browser.withoutJavaScript()) {
            plain.open(pages.ballot());
            plain.click("button[value=a]");
            plain.awaitText("button[value=a]", "Your vote");
            plain.open(pages.standing());
            plain.awaitTexts(PERCENT, "100.0%", "0.0%"); // by its own refresh, if it came too early
            pages.votes(1, 3);
            plain.awaitTexts(PERCENT, "25.0%", "75.0%");
            assertEquals("", plain.text("#live"), "it does not claim to be live");
            plain.screenshot("result-without-javascript");
            assertEquals(320L, plain.run("""
                    return Math.round(document.querySelector("#standing li").getBoundingClientRect().width)"""));
        }
    }

    @Test
    void drawsTheVotesOfTheLastMinutes() {
        String ballot = browser.tab();
        String result = browser.openTab(pages.standing());
        browser.awaitText("#pace-now", "at most");
        browser.turnTo(ballot);
        browser.click("button[value=a]");
        browser.turnTo(result);
        Await.until("the line has a peak", () -> !browser.text("#pace-now").contains("at most 0"));
        assertTrue(((String) browser.run("return document.querySelector('#pace .line').getAttribute('d')"))
                .contains(" 2.0"));
        browser.closeOtherTabs(ballot);
    }
}
