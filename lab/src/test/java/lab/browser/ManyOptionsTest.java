package lab.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/// Both pages with three options, and with as many as there may be.
@EnabledIf("lab.browser.Browser#isInstalled")
class ManyOptionsTest {
    private static final String TWENTY_SIX = "Ants,Bees,Cats,Dogs,Eels,Foxes,Geese,Hares,Ibises,Jays,Kiwis,Larks,Mice,"
            + "Newts,Owls,Pigs,Quails,Rats,Seals,Toads,Urchins,Voles,Wasps,A very long name that hardly fits anywhere,"
            + "Yaks,<b>Zebras</b> & \"friends\"";

    private static Pages three;
    private static Browser browser;

    @BeforeAll
    static void start(@TempDir Path data) {
        three = Pages.start(data, "Cats,Dogs,Birds");
        browser = Browser.start();
    }

    @AfterAll
    static void stop() {
        try (var _ = three;
                var _ = browser) {
            // both are closed
        }
    }

    @BeforeEach
    void desktop() {
        three.votes();
        browser.desktop();
        browser.prefer("prefers-color-scheme", "light");
    }

    @Test
    void showsThreeAsBarsThatMove() {
        three.votes(1, 1, 0);
        browser.open(three.ballot());
        browser.screenshot("ballot-three");
        browser.click("button[value=c]");
        browser.awaitText("button[aria-pressed=true]", "Birds");
        browser.open(three.standing());
        browser.awaitTexts("#standing .percent", "33.4%", "33.3%", "33.3%");
        assertEquals(List.of(10L, 10L, 10L), tenths());
        three.votes(50, 25, 0);
        browser.awaitTexts("#standing .percent", "66.7%", "33.3%", "0.0%");
        browser.screenshot("result-three");
        assertEquals(List.of(10L, 5L, 0L), tenths());
        assertEquals(List.of(), browser.barriers());
    }

    @Test
    void showsFiveOnAWallAndOnAPhone() {
        try (var five = three.with("Espresso,Flat white,Filter,Tea,Water")) {
            three.votes(512, 388, 241, 97, 45);
            browser.open(five.standing());
            browser.awaitText("#pace", "now");
            browser.screenshot("result-five");
            browser.prefer("prefers-color-scheme", "dark");
            browser.size(1920, 1080, false);
            browser.screenshot("result-five-projector-dark");
            browser.phone();
            browser.screenshot("result-five-phone-dark");
            assertEquals(360L, browser.run("return document.documentElement.scrollWidth"));
            assertEquals(List.of(), browser.barriers());
            browser.open(five.ballot());
            browser.screenshot("ballot-five-phone-dark");
        }
    }

    @Test
    void showsTwentySix() {
        try (var all = three.with(TWENTY_SIX)) {
            three.votes(IntStream.range(0, 26).map(i -> (i * 37 + 11) % 101).toArray());
            browser.open(all.standing());
            browser.awaitText("#pace", "now");
            browser.screenshot("result-26");
            assertEquals(List.of(), browser.barriers());
            assertTrue(browser.texts("#standing h2").contains("<b>Zebras</b> & \"friends\""));
            browser.open(all.ballot());
            browser.click("button[value=z]");
            browser.awaitText("button[aria-pressed=true]", "<b>Zebras</b> & \"friends\"");
            browser.screenshot("ballot-26");
            assertEquals(List.of(), browser.barriers());
            browser.phone();
            browser.screenshot("ballot-26-phone");
            browser.open(all.standing());
            browser.awaitText("#pace", "now");
            browser.screenshot("result-26-phone");
            assertEquals(360L, browser.run("return document.documentElement.scrollWidth"));
        }
    }

    /// How long each bar is, in tenths of the longest.
    private static Object tenths() {
        browser.awaitRest();
        return browser.run("""
                const widths = [...document.querySelectorAll("#standing .share")]
                    .map(share => share.getBoundingClientRect().width);
                return widths.map(width => Math.round(10 * width / Math.max(...widths)));
                """);
    }
}
