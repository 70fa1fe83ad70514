package lab.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import common.Resource;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import lab.stack.Service;
import lab.stack.TestSystem;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIf;

/// The ballot on every kind of screen, with few options and many, and labels of any length.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@EnabledIf("lab.browser.Browser#isInstalled")
class BallotTest {
    private static final int MOST_BYTES = 30_000;
    private static final int HEAD_BYTES = 600; // of an answer, which says as much about security

    private record Screen(int width, int height) {
        boolean isPhone() {
            return width < 500;
        }
    }

    private static final List<Screen> SCREENS = List.of(
            new Screen(320, 568),
            new Screen(360, 640),
            new Screen(390, 844),
            new Screen(768, 1024),
            new Screen(1280, 800),
            new Screen(1920, 1080));

    private static final String SENTENCE =
            "The one that takes a good while to read out and ends only at the hundredth character of its label";
    private static final String WORD =
            "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft";

    /// The settings of each ballot.
    private static final Map<String, Map<String, String>> BALLOTS = Map.of(
            "two", Map.of("OPTIONS", "Cats,Dogs"),
            "three", Map.of("OPTIONS", "Tabs,Spaces,What the formatter says"),
            "five", Map.of("OPTIONS", "Espresso,Flat white,Filter,Tea,Water"),
            "twelve",
                    Map.of(
                            "OPTIONS",
                            "January,February,March,April,May,June,July,August,September,October,November,December"),
            "twenty-six",
                    Map.of(
                            "OPTIONS",
                            "Ants,Bees,Cats,Dogs,Eels,Foxes,Geese,Hares,Ibises,Jays,Kiwis,Larks,Mice,Newts,Owls,Pigs,"
                                    + "Quails,Rats,Seals,Toads,Urchins,Voles,Wasps,Xerus,Yaks,Zebras"),
            "long",
                    Map.of(
                            "QUESTION",
                            (SENTENCE + "? And " + SENTENCE + "?").substring(0, 200),
                            "OPTIONS",
                            "A," + SENTENCE + "," + WORD + ",حرية التعبير للجميع," + "m".repeat(100)),
            "twenty-six long",
                    Map.of(
                            "OPTIONS",
                            IntStream.range(10, 36)
                                    .mapToObj(i -> i + " " + SENTENCE)
                                    .collect(Collectors.joining(","))));

    private static final String PROBLEMS = Resource.text(Stage.class, "stage.js") + """
            for (const line of lines()) {
                const box = line.parent.closest("button")?.getBoundingClientRect();
                if (box && (line.left < box.left || line.right > box.right || line.top < box.top || line.bottom > box.bottom))
                    return [name(line) + " leaves its button"];
            }
            return problems();
            """;

    private final Map<String, Service> ballots = new LinkedHashMap<>();
    private TestSystem system;
    private Browser browser;

    @BeforeAll
    void startAll() {
        system = new TestSystem(Map.of("QUESTION", "What shall we build next?", "RESULT_URL", "5001"));
        system.start();
        BALLOTS.forEach((name, settings) -> ballots.put(name, system.start("vote", settings)));
        browser = Browser.start();
    }

    @AfterAll
    void stopAll() {
        try (var _ = system;
                var _ = browser) {
            // both are closed
        }
    }

    private static void show(Browser browser, Screen screen) {
        browser.size(screen.width, screen.height, screen.isPhone());
    }

    private static void choose(Browser browser, String option) {
        browser.click("button[value=" + option + "]");
        browser.awaitText("[role=status]", "Your vote is in.");
    }

    @Test
    void everyLabelIsSeenInFull() {
        assertEquals(List.of(), problems(browser));
    }

    @Test
    void everyLabelIsSeenInFullWithTextOfTwiceTheSize() {
        try (var large = Browser.withLargeText()) {
            assertEquals(List.of(), problems(large));
        }
    }

    /// On all screens, with an option chosen, which takes more room.
    private List<String> problems(Browser browser) {
        List<String> all = new ArrayList<>();
        ballots.forEach((name, ballot) -> {
            browser.open(ballot.address());
            choose(browser, "b");
            for (Screen screen : SCREENS) {
                show(browser, screen);
                browser.awaitRest();
                ((List<?>) browser.run(PROBLEMS)).forEach(problem -> all.add(name + " on " + screen + ": " + problem));
            }
        });
        return all;
    }

    @Test
    void whatFitsDoesNotScroll() {
        for (String name : List.of("two", "three", "five", "twelve", "twenty-six")) {
            browser.open(ballots.get(name).address());
            for (Screen screen : SCREENS) {
                show(browser, screen);
                int least = name.equals("twelve") ? 800 : name.equals("twenty-six") ? 1000 : 0; // in one column
                if (screen.height >= least || screen.width > screen.height) {
                    Object height = browser.run("return document.documentElement.scrollHeight");
                    assertEquals((long) screen.height, height, name + " on " + screen);
                }
            }
        }
    }

    /// No option looks greater than another of the same row, and together they are most of what is seen.
    @Test
    void theButtonsFillTheScreenAndAreOfOneWidth() {
        for (String name : List.of("two", "three", "five", "twelve", "twenty-six")) {
            browser.open(ballots.get(name).address());
            for (Screen screen : List.of(new Screen(1280, 800), new Screen(1920, 1080))) {
                show(browser, screen);
                var filled = (Number) browser.run("""
                        const boxes = [...document.querySelectorAll("button")].map(button => button.getBoundingClientRect());
                        const oneWidth = boxes.every(box => Math.abs(box.width - boxes[0].width) < 1);
                        const area = boxes.reduce((sum, box) => sum + box.width * box.height, 0);
                        return oneWidth ? 100 * area / innerWidth / innerHeight : 0;
                        """);
                assertTrue(filled.doubleValue() > 50, name + " on " + screen + ": " + filled + " %");
            }
        }
    }

    @Test
    void keepsNobodyOut() {
        browser.desktop();
        for (String name : List.of("two", "twelve", "long")) {
            browser.open(ballots.get(name).address());
            browser.forgetCookies();
            browser.open(ballots.get(name).address());
            Accessibility.assertNoBarriers(browser, name + ", nobody chosen");
            choose(browser, "b");
            Accessibility.assertNoBarriers(browser, name + ", chosen");
        }
        system.redis.kill();
        browser.click("button[value=a]");
        browser.awaitText("h1", "Votes cannot be taken right now");
        Accessibility.assertNoBarriers(browser, "refused");
        system.redis.start();
        ballots.values().forEach(Service::awaitReady);
    }

    /// All that a phone must fetch before anybody can vote.
    @Test
    void theFirstLoadIsSmall() throws Exception {
        Service ballot = ballots.get("twenty-six long");
        HttpResponse<String> page = ballot.get("");
        long bytes = bytes(page);
        var linked = Pattern.compile("<link [^>]*href=\"([^\"]+)\"")
                .matcher(page.body())
                .results()
                .toList();
        assertEquals(3, linked.size());
        for (var link : linked) {
            HttpResponse<String> file = ballot.get(link.group(1));
            assertEquals(200, file.statusCode());
            bytes += bytes(file);
        }
        assertTrue(bytes <= MOST_BYTES, bytes + " bytes");
    }

    private static long bytes(HttpResponse<String> answer) {
        return HEAD_BYTES + answer.headers().firstValueAsLong("Content-Length").orElseThrow();
    }
}
