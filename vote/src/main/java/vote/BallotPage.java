package vote;

import static common.Html.escape;

import common.Html;
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

    private static final String STATUS = "<p role=\"status\">"; // no label can contain this, for they are escaped
    private static final String IN = STATUS + "Your vote is in.";
    private static final String IN_THE_QUEUE =
            STATUS + "Your vote is in, behind many others: about %,d wait to be counted.";

    private final Options options;
    private final String host = hostName();
    private final Map<String, String> ballots = new HashMap<>();
    private final Map<String, Response> responses = new HashMap<>();

    BallotPage(Options options) {
        this.options = options;
        add(null, STATUS + "You have one vote, and can change it at any time.");
        options.list().forEach(option -> add(option.key(), IN + " You can change it at any time."));
    }

    private void add(String chosen, String status) {
        String html = html(chosen, status);
        ballots.put(chosen, html);
        responses.put(chosen, response(html));
    }

    /// The ballot with this option marked as chosen, or none if it is null.
    Response show(String chosen) {
        return responses.get(chosen);
    }

    /// The same right after voting, when so many votes wait in the queue.
    Response show(String chosen, long waiting) {
        return waiting < MANY_WAITING
                ? show(chosen)
                : response(ballots.get(chosen).replace(IN, IN_THE_QUEUE.formatted(waiting)));
    }

    private static Response response(String html) {
        return Response.html(200, html).with("Cache-Control", "no-store");
    }

    private String html(String chosen, String status) {
        var buttons = new StringBuilder();
        for (var option : options.list()) {
            boolean isChosen = option.key().equals(chosen);
            buttons.append("<button name=\"vote\" value=\"%s\" aria-pressed=\"%s\">%s%s</button>\n"
                    .formatted(option.key(), isChosen, escape(option.label()), isChosen ? CHOSEN : ""));
        }
        return Html.page(options.title(), "", "<link rel=\"stylesheet\" href=\"ballot.css\">", """
                <body>
                <main>
                <h1>%s</h1>
                <form method="post"%s>
                %s</form>
                %s</p>
                </main>
                <footer>Answered by <span id="host">%s</span></footer>
                </body>
                """.formatted(
                        escape(options.title()),
                        options.list().size() > 6 ? " class=\"many\"" : "",
                        buttons,
                        status,
                        escape(host)));
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException _) {
            return "an unnamed host";
        }
    }
}
