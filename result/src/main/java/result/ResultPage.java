package result;

import static common.Html.escape;

import common.Html;
import common.Options;
import common.Resource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/// The page that shows a standing. It is complete as it is sent; where scripts run, `result.js` then keeps it right.
/// Lengths stand in attributes of `svg` elements, because the content security policy allows no inline style.
final class ResultPage {
    /// How long a strip a hundred percent is, wider than any screen: see `.split` in result.css.
    private static final int WHOLE = 10_000;

    private static final String HEAD = """
            <link rel="stylesheet" href="result.css">
            <script type="module" src="result.js"></script>
            <noscript><meta http-equiv="refresh" content="2"></noscript>""";

    private static final String RESULT = Resource.text(ResultPage.class, "result.html");
    private static final String LINE = Resource.text(ResultPage.class, "line.html");

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
        boolean nobody = standing.total() + standing.others() == 0;
        return Html.page(
                title + ": the result",
                "",
                HEAD,
                RESULT.formatted(
                        escape(title),
                        escape(standing.trouble()),
                        nobody && standing.database() ? "" : " hidden",
                        layout,
                        nobody ? " hidden" : "",
                        lines(standing),
                        number(standing.total()),
                        standing.queue().waiting() == null
                                ? "unknown"
                                : number(standing.queue().waiting()),
                        storedAt(standing.queue())));
    }

    private String lines(Standing standing) {
        long most =
                standing.lines().stream().mapToLong(Standing.Line::votes).max().orElse(0);
        var html = new StringBuilder();
        for (var line : standing.lines()) {
            html.append(LINE.formatted(
                    length(line, most),
                    escape(line.option().label()),
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
        return "%,d".formatted(number);
    }
}
