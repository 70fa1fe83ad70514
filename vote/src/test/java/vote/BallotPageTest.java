package vote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import common.Env;
import common.Options;
import common.Response;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BallotPageTest {
    private static final BallotPage PAGE =
            new BallotPage(Options.from(new Env(Map.of("OPTIONS", "Cats,<b>Dogs</b> & \"friends\",Birds"))), true);

    private static String html(Response response) {
        return new String(response.body(), StandardCharsets.UTF_8);
    }

    private static int count(String text, String html) {
        return html.split(text, -1).length - 1;
    }

    @Test
    void labelsAreTextAndNeverMarkup() {
        String html = html(PAGE.show(null));
        assertFalse(html.contains("<b>"));
        assertTrue(html.contains(">&lt;b&gt;Dogs&lt;/b&gt; &amp; &quot;friends&quot;</button>"));
    }

    @Test
    void marksTheChosenOptionInWords() {
        assertEquals(0, count("Your vote", html(PAGE.show(null))));
        String html = html(PAGE.show("b"));
        assertEquals(1, count("aria-pressed=\"true\"", html));
        assertEquals(1, count("Your vote</span></button>", html));
        assertTrue(html.contains("You can change it at any time."));
    }

    @Test
    void hasNothingThatItsContentSecurityPolicyForbids() {
        String html = html(PAGE.show("a"));
        assertFalse(html.contains("style=") || html.contains("<style") || html.contains("<script"));
        assertFalse(
                html.contains("http:") || html.contains("https:") || html.contains("=\"/"), "relative addresses only");
    }
}
