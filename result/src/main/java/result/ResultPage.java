package result;

import static common.Html.escape;

import common.Html;
import common.Options;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/// The page that shows a standing. It is complete as it is sent; where scripts run, `result.js` then keeps it right.
/// Lengths stand in attributes of `svg` elements, because the content security policy allows no inline style.
final class ResultPage {
    /// How long a strip a hundred percent is, wider than any screen: see `.split` in result.css.
    private static final int WHOLE = 10_000;

    private static final String HEAD = """
            <link rel="stylesheet" href="result.css">
            <script type="module" src="result.js"></script>
            <noscript><meta http-equiv="refresh" content="2"></noscript>""";

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss 'UTC'").withZone(ZoneOffset.UTC);

    private final String title;
    private final String layout;

    ResultPage(Options options) {
        title = options.title();
        int count = options.list().size();
        layout = count == 2 ? "split" : count <= 10 ? "bars" : "bars many";
    }

    String html(Standing standing) {
        boolean nobody = standing.total() == 0;
        return Html.page(title + ": the result", "", HEAD, """
                <body>
                <header>
                <h1>%s</h1>
                <p id="live" hidden>Live</p>
                </header>
                <p id="trouble" role="status">%s</p>
                <main>
                <div id="nobody"%s>
                <svg viewBox="0 0 96 96" aria-hidden="true">
                <path d="M14 44h68v40H14z"/>
                <path class="paper" d="M32 8h32v46H32zM41 26l6 6 10-12"/>
                <path d="M14 54h68v30H14z"/>
                </svg>
                <p>Nobody has voted yet.</p>
                <p class="quiet">The first vote shows up here by itself.</p>
                </div>
                <ul id="standing" class="%s"%s>
                %s</ul>
                </main>
                <footer>
                <dl>
                <div><dt>Votes</dt><dd id="total">%s</dd></div>
                <div><dt>Waiting</dt><dd id="waiting">%s</dd></div>
                <div><dt>Last stored</dt><dd id="stored-at">%s</dd></div>
                </dl>
                <figure id="pace" hidden>
                <figcaption>Votes a second: <span id="pace-now"></span></figcaption>
                <svg viewBox="0 0 179 40" preserveAspectRatio="none" aria-hidden="true">
                <path class="area"/><path class="line"/>
                </svg>
                </figure>
                </footer>
                <p id="spoken" class="unseen" aria-live="polite"></p>
                </body>
                """.formatted(
                        escape(title),
                        escape(standing.trouble()),
                        nobody && standing.database() ? "" : " hidden",
                        layout,
                        nobody ? " hidden" : "",
                        lines(standing),
                        number(standing.total()),
                        standing.waitingIsKnown() ? number(standing.queue().waiting()) : "unknown",
                        storedAt(standing.queue())));
    }

    private String lines(Standing standing) {
        long most =
                standing.lines().stream().mapToLong(Standing.Line::votes).max().orElse(0);
        var html = new StringBuilder();
        for (var line : standing.lines()) {
            html.append("""
                    <li>
                    <svg class="share" %s aria-hidden="true"></svg>
                    <div>
                    <h2>%s</h2>
                    <p class="percent">%s%%</p>
                    <p class="votes">%s</p>
                    </div>
                    </li>
                    """.formatted(
                            length(line, most),
                            escape(line.label()),
                            line.percent(),
                            number(line.votes()) + (line.votes() == 1 ? " vote" : " votes")));
        }
        return html.toString();
    }

    /// Two options share the screen; each of more gets a bar, and the longest is as long as there is room.
    private String length(Standing.Line line, long most) {
        if (layout.equals("split")) {
            int length = line.permille() * WHOLE / 1000;
            return "width=\"%d\" height=\"%d\"".formatted(length, length);
        }
        return "width=\"%s%%\"".formatted(most == 0 ? 0 : Math.round(1000.0 * line.votes() / most) / 10.0);
    }

    /// As a script-less browser shows it; the script makes "3 s ago" of it and keeps that right.
    private static String storedAt(Standing.Queue queue) {
        return queue.storedAt() == null ? "never" : TIME.format(queue.storedAt());
    }

    private static String number(long number) {
        return String.format(Locale.ENGLISH, "%,d", number);
    }
}
