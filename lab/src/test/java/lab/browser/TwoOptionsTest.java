package lab.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import lab.stack.Await;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.openqa.selenium.Keys;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.args.ClientPauseMode;

/// Both pages with two options, while everything runs.
@EnabledIf("lab.browser.Browser#isInstalled")
class TwoOptionsTest extends PagesTest {
    TwoOptionsTest() {
        super("Cats,Dogs");
    }

    @BeforeEach
    void nobodyHasVoted() throws Exception {
        votes();
        browser.prefer("prefers-color-scheme", "light");
        browser.desktop();
        browser.open(ballot());
        browser.forgetCookies();
    }

    @Test
    void saysThatNobodyHasVotedAndShowsNoShares() {
        browser.open(standing());
        browser.awaitText("#nobody", "No vote is counted yet.");
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
        browser.open(ballot());
        String first = browser.openTab(standing());
        browser.awaitText("#nobody", "No vote is counted yet.");
        browser.run("window.sinceOpened = true");
        String second = browser.openTab(standing());
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

    /// Ten voters, each of whom clicks again before the first answer has come.
    @Test
    void countsADoubleClickWhoseFirstAnswerIsSlowAsOneVote() throws Exception {
        try (Jedis redis = system.redis.connect()) {
            double before = system.service("vote").metric("votes_accepted_total");
            for (int voter = 0; voter < 10; voter++) {
                browser.forgetCookies();
                browser.open(ballot());
                redis.clientPause(500, ClientPauseMode.WRITE); // no vote is answered before
                browser.clickTwice("button[value=a]", 120);
                browser.awaitText("[role=status]", "Your vote is in.");
            }
            assertTrue(
                    system.service("vote").metric("votes_accepted_total") > before + 10, "no second click has arrived");
            system.stack.awaitEmptyQueue();
            assertEquals("10", system.postgres.value("SELECT count(*) FROM votes"));
        }
    }

    @Test
    void splitsTheScreenAsTheVotesAreSplit() throws Exception {
        votes(3, 1);
        browser.open(standing());
        browser.awaitTexts(PERCENT, "75.0%", "25.0%");
        browser.screenshot("result-two");
        assertEquals(960L, browser.run("""
                return Math.round(document.querySelector("#standing .share").getBoundingClientRect().width)"""));
        votes(1, 999);
        browser.awaitTexts(PERCENT, "0.1%", "99.9%");
        browser.screenshot("result-two-lopsided");
        browser.size(1920, 1080, false);
        browser.screenshot("result-two-projector");
    }

    @Test
    void hasNoBarriersInLightOrDark() throws Exception {
        votes(1234, 987);
        for (String scheme : List.of("light", "dark")) {
            browser.prefer("prefers-color-scheme", scheme);
            browser.open(standing());
            browser.awaitText("#pace", "now");
            browser.screenshot("result-two-" + scheme);
            assertEquals(List.of(), browser.barriers(), scheme + " result");
            browser.open(ballot());
            browser.screenshot("ballot-" + scheme);
            assertEquals(List.of(), browser.barriers(), scheme + " ballot");
            browser.click("button[value=b]");
            browser.awaitText("button[value=b]", "Your vote");
            browser.screenshot("ballot-voted-" + scheme);
            assertEquals(List.of(), browser.barriers(), scheme + " ballot after voting");
            browser.open(standing().resolve("no/such/page"));
            browser.screenshot("error-" + scheme);
            assertEquals(List.of(), browser.barriers(), scheme + " error page");
        }
    }

    @Test
    void fitsAPhone() throws Exception {
        votes(1234, 987);
        browser.phone();
        browser.open(standing());
        browser.awaitText("#pace", "now");
        assertNothingSticksOut();
        browser.screenshot("result-two-phone");
        browser.open(ballot());
        browser.click("button[value=a]");
        browser.awaitText("button[value=a]", "Your vote");
        assertNothingSticksOut();
        browser.screenshot("ballot-phone");
    }

    private void assertNothingSticksOut() {
        assertEquals(360L, browser.run("return document.documentElement.scrollWidth"), "wider than the screen");
    }

    @Test
    void takesAVoteByKeyboardAndRemembersIt() {
        browser.open(ballot());
        browser.type(Keys.chord(Keys.TAB));
        assertEquals("Cats", browser.run("return document.activeElement.innerText"));
        browser.type(Keys.chord(Keys.TAB));
        browser.type(Keys.chord(Keys.ENTER));
        browser.awaitText("button[aria-pressed=true]", "Dogs");
        browser.open(ballot());
        assertEquals("Dogs\nYour vote", browser.text("button[aria-pressed=true]"));
    }

    @Test
    void tellsAScreenReaderHowItStands() throws Exception {
        votes(1, 1);
        browser.open(standing());
        browser.awaitTexts(PERCENT, "50.0%", "50.0%");
        assertEquals("", browser.text("#spoken"), "what is on the page anyway is not said again");
        votes(2, 1);
        browser.awaitText("#spoken", "Cats 66.7%, Dogs 33.3%. 3 votes.");
    }

    @Test
    void standsStillForWhomMotionDisturbs() throws Exception {
        browser.prefer("prefers-reduced-motion", "reduce");
        votes(1, 1);
        browser.open(standing());
        browser.awaitText("#live", "Live");
        votes(2, 1);
        browser.awaitTexts(PERCENT, "66.7%", "33.3%");
        assertEquals(0L, browser.run("return document.getAnimations().length"));
    }

    @Test
    void worksWithoutJavaScript() throws Exception {
        try (var plain = Browser.withoutJavaScript()) {
            plain.open(ballot());
            plain.click("button[value=a]");
            plain.awaitText("button[value=a]", "Your vote");
            plain.open(standing());
            plain.awaitTexts(PERCENT, "100.0%", "0.0%"); // by its own refresh, if it came too early
            votes(1, 3);
            plain.awaitTexts(PERCENT, "25.0%", "75.0%");
            assertEquals("", plain.text("#live"), "it does not claim to be live");
            plain.screenshot("result-without-javascript");
            assertEquals(320L, plain.run("""
                    return Math.round(document.querySelector("#standing .share").getBoundingClientRect().width)"""));
        }
    }

    @Test
    void drawsTheVotesThatAreStoredWhileSomebodyLooks() throws Exception {
        browser.open(standing());
        browser.awaitText("#pace-now", "at most 0");
        store(3);
        browser.awaitText("#pace-now", "at most 3");
        assertTrue(((String) browser.run("return document.querySelector('#pace .line').getAttribute('d')"))
                .contains(" 2.0"));
    }

    @Test
    void keepsThePastAndDrawsNoPeakOfVotesThatWereStoredWhileNobodyLooked() throws Exception {
        browser.open(standing());
        browser.awaitText("#pace-now", "at most 0");
        store(7);
        browser.awaitText("#pace-now", "at most 7");
        String result = browser.tab();
        browser.openTab(ballot());
        store(500);
        browser.turnTo(result);
        browser.awaitText("#total", "507");
        store(3);
        browser.awaitText("#total", "510");
        Await.until(
                "the line shows the three",
                () -> ((String) browser.run("return document.querySelector('#pace .line').getAttribute('d')"))
                        .contains(" 23.1")); // three sevenths of the height
        assertTrue(browser.text("#pace-now").contains("at most 7"), browser.text("#pace-now"));
        browser.closeOtherTabs(result);
    }
}
