package lab.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import lab.faults.Proxy;
import lab.stack.Await;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/// A page that is open while something breaks says so, and is right again by itself when that is over.
@EnabledIf("lab.browser.Browser#isInstalled")
class OutagesTest extends PagesTest {
    OutagesTest() {
        super("Cats,Dogs");
    }

    @BeforeEach
    void openedWhileAllWasWell() throws Exception {
        system.stack.restartWhatEnded();
        system.stack.awaitReady();
        votes(1, 1);
        browser.open(standing());
        browser.awaitTexts(PERCENT, "50.0%", "50.0%");
        browser.awaitText("#live", "Live");
        browser.awaitNoText("#trouble");
        browser.run("window.sinceOpened = true");
        browser.run("""
                const text = id => document.getElementById(id).checkVisibility() ?
                    document.getElementById(id).textContent : "";
                window.besideLive = [];
                new MutationObserver(() => {
                    if (text("live") === "Live" && text("trouble") !== "") besideLive.push(text("trouble"));
                }).observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
                """);
    }

    private void assertLiveAgain() throws Exception {
        browser.awaitText("#live", "Live");
        browser.awaitNoText("#trouble");
        votes(3, 1);
        browser.awaitTexts(PERCENT, "75.0%", "25.0%");
        assertEquals(true, browser.run("return window.sinceOpened"), "the page was loaded again");
        assertEquals(List.of(), browser.run("return window.besideLive"), "it said so while it claimed to be live");
    }

    @Test
    void saysThatNoWorkerRuns() throws Exception {
        system.service("worker").stop();
        browser.awaitText("#trouble", "No worker is heard of.");
        browser.screenshot("result-no-worker");
        browser.prefer("prefers-color-scheme", "dark");
        assertEquals(List.of(), browser.barriers());
        browser.phone();
        browser.screenshot("result-no-worker-phone-dark");
        browser.desktop();
        browser.prefer("prefers-color-scheme", "light");
        system.service("worker").start();
        assertLiveAgain();
    }

    @Test
    void saysThatTheWorkerCannotReachTheQueue() throws Exception {
        system.redis.kill();
        browser.awaitText("#trouble", "The worker is held up");
        browser.awaitText("#waiting", "unknown");
        browser.screenshot("result-no-queue");
        system.redis.start();
        assertLiveAgain();
    }

    @Test
    void saysThatTheDatabaseIsGone() throws Exception {
        system.postgres.kill();
        browser.awaitText("#trouble", "The database cannot be reached. This is how the vote stood before.");
        assertEquals(List.of("50.0%", "50.0%"), browser.texts(PERCENT));
        browser.screenshot("result-no-database");
        system.postgres.start();
        assertLiveAgain();
    }

    @Test
    void drawsNoPeakOfVotesThatWereStoredWhileItDidNotKnow() throws Exception {
        votes();
        try (var line = new Proxy(system.postgres.port())) {
            browser.open(
                    system.start("result", Map.of("PGPORT", "" + line.port())).address());
            browser.awaitText("#pace-now", "at most 0");
            line.refuse();
            browser.awaitText("#trouble", "The database cannot be reached");
            store(500);
            line.open();
            browser.awaitText("#total", "500");
            store(3);
            browser.awaitText("#total", "503");
            Await.until("the line has a peak", () -> !browser.text("#pace-now").contains("at most 0"));
            assertTrue(browser.text("#pace-now").contains("at most 3"), browser.text("#pace-now"));
        }
    }

    @Test
    void knowsMoreThanAServerThatStartedWithoutADatabase() throws Exception {
        system.postgres.kill();
        system.service("result").kill();
        system.service("result").start();
        browser.awaitText("#trouble", "The database cannot be reached");
        assertEquals(List.of("50.0%", "50.0%"), browser.texts(PERCENT));
        String asOpened = browser.tab();
        browser.openTab(standing());
        browser.awaitText("#trouble", "nobody knows how the vote stands");
        assertEquals("", browser.text("#nobody"), "it does not know that nobody has voted");
        assertEquals(List.of("unknown", "unknown", "unknown"), browser.texts("dd"));
        browser.closeOtherTabs(asOpened);
        system.postgres.start();
        assertLiveAgain();
    }

    @Test
    void findsItsServerAgain() throws Exception {
        system.service("result").stop();
        browser.awaitText("#trouble", "This page cannot reach its server.");
        browser.awaitText("#live", "Reconnecting");
        browser.screenshot("result-no-server");
        system.service("result").start();
        assertLiveAgain();
    }

    @Test
    void tellsAVoterThatHisVoteWasNotTakenAndKnowsHimWhenHeVotesAgain() throws Exception {
        votes();
        system.redis.kill();
        browser.open(ballot());
        browser.forgetCookies();
        browser.click("button[value=a]");
        browser.awaitText("h1", "Votes cannot be taken right now");
        browser.screenshot("ballot-no-redis");
        assertEquals(List.of(), browser.barriers());
        String voter = browser.cookie("voter_id");
        system.redis.start();
        browser.click("a");
        browser.click("button[value=a]");
        browser.awaitText("[role=status]", "Your vote is in.");
        system.awaitVotes(1, 0);
        assertEquals(voter, system.postgres.value("SELECT id FROM votes"));
    }
}
