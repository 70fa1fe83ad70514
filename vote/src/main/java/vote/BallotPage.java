package vote;

import static common.Html.escape;

import common.Options;
import common.Response;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.Map;

/// The ballot. There are only as many as there are options, and one without a choice, so each is made once.
final class BallotPage {
    /// So many votes in the queue are worth a word; fewer are counted before it is read.
    private static final long MANY_WAITING = 1000;

    private static final String CHOSEN = """
            <span><svg viewBox="0 0 24 24" aria-hidden="true"><path d="M4 13l5 5L20 6"/></svg>Your vote</span>""";

    private final Options options;
    private final String host = hostName();
    private final Map<String, Response> pages = new HashMap<>();

    BallotPage(Options options) {
        this.options = options;
        pages.put(null, page(null, "You have one vote, and can change it at any time."));
        options.list()
                .forEach(option ->
                        pages.put(option.key(), page(option.key(), "Your vote is in. You can change it at any time.")));
    }

    /// The ballot with this option marked as chosen, or none if it is null.
    Response show(String chosen) {
        return pages.get(chosen);
    }

    /// The same right after voting, when so many votes wait in the queue.
    Response show(String chosen, long waiting) {
        return waiting < MANY_WAITING ? show(chosen) : page(chosen, """
                        Your vote is in, behind many others: about %,d wait to be counted. You can change it at any \
                        time.""".formatted(waiting));
    }

    private Response page(String chosen, String sentence) {
        return Response.html(200, html(options, chosen, sentence, host)).with("Cache-Control", "no-store");
    }

    static String html(Options options, String chosen, String sentence, String host) {
        var buttons = new StringBuilder();
        for (var option : options.list()) {
            boolean isChosen = option.key().equals(chosen);
            buttons.append("<button name=\"vote\" value=\"%s\" aria-pressed=\"%s\">%s%s</button>\n"
                    .formatted(option.key(), isChosen, escape(option.label()), isChosen ? CHOSEN : ""));
        }
        return """
                <!doctype html>
                <html lang="en">
                <head>
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <title>%1$s</title>
                <link rel="icon" href="icon.svg">
                <link rel="stylesheet" href="style.css">
                <link rel="stylesheet" href="ballot.css">
                </head>
                <body>
                <main>
                <h1>%1$s</h1>
                <form method="post"%2$s>
                %3$s</form>
                <p role="status">%4$s</p>
                </main>
                <footer>Answered by <span id="host">%5$s</span></footer>
                </body>
                </html>
                """.formatted(
                        escape(options.title()),
                        options.list().size() > 6 ? " class=\"many\"" : "",
                        buttons,
                        sentence,
                        escape(host));
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException _) {
            return "an unnamed host";
        }
    }
}
