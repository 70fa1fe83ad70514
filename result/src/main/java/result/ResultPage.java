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

    /// @param votePage the address of the ballot; `.` if it is not known
    String html(Standing standing, String votePage) {
        boolean nobody = standing.total() + standing.others() == 0;
        return Html.page(
                title + " – the result",
                "",
                HEAD,
                RESULT.formatted(
                        title.length() > 60 ? " class=\"long\"" : "",
                        escape(title),
                        votePage.equals(".") ? " hidden" : "",
                        escape(votePage),
                        escape(votePage.replaceAll("^(https?:)?//|/$", "")),
                        escape(standing.trouble()),
                        nobody && standing.database() ? "" : " hidden",
                        layout,
                        nobody ? " hidden" : "",
                        lines(standing),
                        standing.database() || standing.total() > 0 ? number(standing.total()) : "unknown",
                        number(standing.queue().waiting()),
                        storedAt(standing, nobody)));
    }

    private String lines(Standing standing) {
        long most =
                standing.lines().stream().mapToLong(Standing.Line::votes).max().orElse(0);
        boolean tie =
                standing.lines().stream().filter(line -> line.votes() == most).count() > 1;
        var html = new StringBuilder();
        for (var line : standing.lines()) {
            html.append(LINE.formatted(
                    line.votes() == most && !tie ? " class=\"leads\"" : "",
                    length(line, most),
                    escape(line.option().label()),
                    line.percent(),
                    number(line.votes()) + (line.votes() == 1 ? " vote" : " votes")));
        }
        return html.toString();
    }

    /// In percent of the room: two options share it; of more, the longest fills it.
    private double length(Standing.Line line, long most) {
        return layout.equals("split") ? line.permille() / 10.0 : most == 0 ? 0 : 100.0 * line.votes() / most;
    }

    /// As a script-less browser shows it; the script makes "3 s ago" of it and keeps that right.
    private static String storedAt(Standing standing, boolean nobody) {
        var storedAt = standing.queue().storedAt();
        return storedAt != null ? TIME.format(storedAt) : nobody && standing.database() ? "never" : "unknown";
    }

    private static String number(Long number) {
        return number == null ? "unknown" : "%,d".formatted(number);
    }
}
