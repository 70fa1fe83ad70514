package result;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import common.Env;
import common.Html;
import common.Options;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ResultPageTest {
    private static final Standing.Queue QUEUE =
            new Standing.Queue(7, 1234L, Instant.parse("2026-11-21T10:00:00.5Z"), true, false, null);

    private static String page(Map<String, Long> votes, String... labels) {
        var options = Options.from(new Env(Map.of("OPTIONS", String.join(",", labels))));
        return new ResultPage(options).html(Standing.of(options, votes, QUEUE), ".");
    }

    @Test
    void labelsAreTextAndNeverMarkup() {
        String html = page(Map.of("a", 1L), "<script>alert(1)</script>", "\"Tom\" & 'Jerry'");
        assertFalse(html.contains("<script>alert"));
        assertTrue(html.contains("<h2 dir=\"auto\">&lt;script&gt;alert(1)&lt;/script&gt;</h2>"));
        assertTrue(html.contains("<h2 dir=\"auto\">&quot;Tom&quot; &amp; &#39;Jerry&#39;</h2>"));
    }

    @Test
    void isCompleteWithoutItsScript() {
        String html = page(Map.of("a", 1998L, "b", 1L), "Cats", "Dogs");
        assertTrue(html.contains("<p class=\"percent\">99.9%</p>"), html);
        assertTrue(html.contains("<p class=\"votes\">1,998 votes</p>"));
        assertTrue(html.contains("<p class=\"votes\">1 vote</p>"));
        assertTrue(html.contains("width=\"99.9%\""));
        assertTrue(html.contains("<dd id=\"waiting\">1,234</dd>"));
        assertTrue(html.contains("<dd id=\"stored-at\">2026-11-21 10:00:00 UTC</dd>"));
        assertTrue(html.contains("<noscript><meta http-equiv=\"refresh\" content=\"2\"></noscript>"));
    }

    @Test
    void showsNoSharesBeforeTheFirstVote() {
        String html = page(Map.of(), "Cats", "Dogs");
        assertTrue(html.contains("<div id=\"nobody\">"));
        assertTrue(html.contains("<ul id=\"standing\" class=\"split\" hidden>"));
        assertFalse(html.contains("50.0%"));
    }

    @Test
    void doesNotSayThatNobodyVotedWhenItDoesNotKnow() {
        var options = Options.from(new Env(Map.of()));
        String html = new ResultPage(options).html(Standing.unknown(options), ".");
        assertTrue(html.contains("<div id=\"nobody\" hidden>"));
        assertTrue(html.contains("<p id=\"trouble\" role=\"status\">The database cannot be reached"));
    }

    @Test
    void saysWhereToVoteAsShortAsPeopleTypeIt() {
        var options = Options.from(new Env(Map.of()));
        var page = new ResultPage(options);
        assertTrue(page.html(Standing.unknown(options), ".").contains("<p id=\"way\" hidden>"));
        Map.of(
                        "//[::1]:5000/", "[::1]:5000",
                        "https://vote.example.org/", "vote.example.org",
                        "http://example.org/vote", "example.org/vote",
                        "https://example.org/?a=\"><b>", "example.org/?a=&quot;&gt;&lt;b&gt;")
                .forEach((address, shown) -> {
                    String html = page.html(Standing.unknown(options), address);
                    assertTrue(html.contains(">" + shown + "</a>"), html);
                    assertTrue(html.contains("<a href=\"" + Html.escape(address) + "\">"), html);
                });
    }

    @Test
    void theLongestBarIsAsLongAsThereIsRoom() {
        String html = page(Map.of("a", 10L, "b", 40L, "c", 15L), "Cats", "Dogs", "Birds");
        assertEquals(1, html.split("width=\"100.0%\"", -1).length - 1);
        assertTrue(html.contains("width=\"25.0%\"") && html.contains("width=\"37.5%\""));
    }

    @Test
    void hasNothingThatItsContentSecurityPolicyForbids() {
        String html = page(Map.of("a", 1L), "Cats", "Dogs");
        assertFalse(html.contains("style=") || html.contains("<style") || html.contains("onload="));
        assertFalse(
                html.contains("http:") || html.contains("https:") || html.contains("=\"/"), "relative addresses only");
    }
}
