package lab.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/// Both pages with three options, and with as many as there may be.
@EnabledIf("lab.browser.Browser#isInstalled")
class ManyOptionsTest extends PagesTest {
    private static final Map<String, String> TWENTY_SIX = Map.of(
            "OPTIONS",
            "Ants,Bees,Cats,Dogs,Eels,Foxes,Geese,Hares,Ibises,Jays,Kiwis,Larks,Mice,"
                    + "Newts,Owls,Pigs,Quails,Rats,Seals,Toads,Urchins,Voles,Wasps,A very long name that hardly fits anywhere,"
                    + "Yaks,<b>Zebras</b> & \"friends\"");

    ManyOptionsTest() {
        super("Cats,Dogs,Birds");
    }

    @BeforeEach
    void desktop() throws Exception {
        votes();
        browser.desktop();
        browser.prefer("prefers-color-scheme", "light");
    }

    @Test
    void showsThreeAsBarsThatMove() throws Exception {
        votes(1, 1, 0);
        browser.open(ballot());
        browser.screenshot("ballot-three");
        browser.click("button[value=c]");
        browser.awaitText("button[aria-pressed=true]", "Birds");
        browser.open(standing());
        browser.awaitTexts(PERCENT, "33.4%", "33.3%", "33.3%");
        assertEquals(List.of(10L, 10L, 10L), tenths());
        votes(50, 25, 0);
        browser.awaitTexts(PERCENT, "66.7%", "33.3%", "0.0%");
        browser.screenshot("result-three");
        assertEquals(List.of(10L, 5L, 0L), tenths());
        assertEquals(List.of(), browser.barriers());
    }

    @Test
    void showsFiveOnAWallAndOnAPhone() throws Exception {
        Map<String, String> five = Map.of("OPTIONS", "Espresso,Flat white,Filter,Tea,Water");
        URI ballot = system.start("vote", five).address();
        URI standing = system.start("result", five).address();
        votes(512, 388, 241, 97, 45);
        browser.open(standing);
        browser.awaitText("#pace", "now");
        browser.screenshot("result-five");
        browser.prefer("prefers-color-scheme", "dark");
        browser.size(1920, 1080, false);
        browser.screenshot("result-five-projector-dark");
        browser.phone();
        browser.screenshot("result-five-phone-dark");
        assertEquals(360L, browser.run("return document.documentElement.scrollWidth"));
        assertEquals(List.of(), browser.barriers());
        browser.open(ballot);
        browser.screenshot("ballot-five-phone-dark");
    }

    @Test
    void showsTwentySix() throws Exception {
        URI ballot = system.start("vote", TWENTY_SIX).address();
        URI standing = system.start("result", TWENTY_SIX).address();
        votes(IntStream.range(0, 26).map(i -> (i * 37 + 11) % 101).toArray());
        browser.open(standing);
        browser.awaitText("#pace", "now");
        browser.screenshot("result-26");
        assertEquals(List.of(), browser.barriers());
        assertTrue(browser.texts("#standing h2").contains("<b>Zebras</b> & \"friends\""));
        browser.open(ballot);
        browser.click("button[value=z]");
        browser.awaitText("button[aria-pressed=true]", "<b>Zebras</b> & \"friends\"");
        browser.screenshot("ballot-26");
        assertEquals(List.of(), browser.barriers());
        browser.phone();
        browser.screenshot("ballot-26-phone");
        browser.open(standing);
        browser.awaitText("#pace", "now");
        browser.screenshot("result-26-phone");
        assertEquals(360L, browser.run("return document.documentElement.scrollWidth"));
    }

    /// How long each bar is, in tenths of the longest.
    private Object tenths() {
        browser.awaitRest();
        return browser.run("""
                const widths = [...document.querySelectorAll("#standing .share")]
                    .map(share => share.getBoundingClientRect().width);
                return widths.map(width => Math.round(10 * width / Math.max(...widths)));
                """);
    }
}
