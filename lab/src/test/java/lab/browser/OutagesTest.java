package lab.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import lab.stack.Server;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/// A page that is open while something breaks says so, and is right again by itself when that is over.
@EnabledIf("lab.browser.Browser#isInstalled")
class OutagesTest {
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
    void openedWhileAllWasWell() {
        for (Server server : List.of(pages.stack.redis(), pages.stack.postgres())) {
            if (!server.isAlive()) {
                server.start();
            }
        }
        pages.votes(1, 1);
        browser.open(pages.standing());
        browser.awaitTexts(PERCENT, "50.0%", "50.0%");
        browser.awaitText("#live", "Live");
        browser.awaitNoText("#trouble");
        browser.run("window.sinceOpened = true");
    }

    private static void assertLiveAgain() {
        browser.awaitText("#live", "Live");
        browser.awaitNoText("#trouble");
        pages.votes(3, 1);
        browser.awaitTexts(PERCENT, "75.0%", "25.0%");
        assertEquals(true, browser.run("return window.sinceOpened"), "the page was loaded again");
    }

    @Test
    void saysThatNoWorkerRuns() {
        pages.worker.stop();
        browser.awaitText("#trouble", "No worker is running.");
        browser.screenshot("result-no-worker");
        browser.prefer("prefers-color-scheme", "dark");
        assertEquals(List.of(), browser.barriers());
        browser.phone();
        browser.screenshot("result-no-worker-phone-dark");
        browser.desktop();
        browser.prefer("prefers-color-scheme", "light");
        pages.worker.start();
        assertLiveAgain();
    }

    @Test
    void saysThatTheDatabaseIsGone() {
        pages.stack.postgres().kill();
        browser.awaitText("#trouble", "The database cannot be reached. This is how the vote stood before.");
        assertEquals(List.of("50.0%", "50.0%"), browser.texts(PERCENT));
        browser.screenshot("result-no-database");
        pages.stack.postgres().start();
        assertLiveAgain();
    }

    @Test
    void knowsMoreThanAServerThatStartedWithoutADatabase() {
        pages.stack.postgres().kill();
        pages.result.kill();
        pages.result.start();
        browser.awaitText("#trouble", "The database cannot be reached");
        assertEquals(List.of("50.0%", "50.0%"), browser.texts(PERCENT));
        String asOpened = browser.tab();
        browser.openTab(pages.standing());
        browser.awaitText("#trouble", "nobody knows how the vote stands");
        assertEquals("", browser.text("#nobody"), "it does not know that nobody has voted");
        browser.closeOtherTabs(asOpened);
        pages.stack.postgres().start();
        assertLiveAgain();
    }

    @Test
    void findsItsServerAgain() {
        pages.result.stop();
        browser.awaitText("#trouble", "This page cannot reach its server.");
        browser.awaitText("#live", "Reconnecting");
        browser.screenshot("result-no-server");
        pages.result.start();
        assertLiveAgain();
    }

    @Test
    void tellsAVoterThatHisVoteWasNotTaken() {
        pages.stack.redis().kill();
        browser.open(pages.ballot());
        browser.click("button[value=a]");
        browser.awaitText("h1", "Not right now");
        browser.screenshot("ballot-no-redis");
        assertEquals(List.of(), browser.barriers());
        pages.stack.redis().start();
        browser.click("a");
        browser.click("button[value=a]");
        browser.awaitText("[role=status]", "Your vote is in.");
    }

    @Test
    void tellsAVoterThatManyWait() {
        pages.worker.stop();
        pages.fillQueue(1500);
        browser.open(pages.ballot());
        browser.click("button[value=a]");
        browser.awaitText("[role=status]", "about 1,501 wait to be counted");
        browser.screenshot("ballot-many-wait");
        browser.open(pages.standing());
        pages.worker.start();
        browser.awaitText("#total", "1,503"); // two had voted before
        browser.awaitNoText("#trouble");
    }
}
