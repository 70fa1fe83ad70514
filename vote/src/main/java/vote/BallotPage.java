package vote;

import static common.Html.escape;

import common.Html;
import common.Options;
import common.Resource;
import common.Response;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.Map;

/// The ballot. There are only as many as there are options, and one without a choice, so each is made once.
final class BallotPage {
    private static final String BALLOT = Resource.text(BallotPage.class, "ballot.html");

    private static final String CHOSEN = """
            <span><svg viewBox="0 0 24 24" aria-hidden="true"><path d="M4 13l5 5L20 6"/></svg>Your vote</span>""";

    private final Options options;
    private final boolean hasResult;
    private final String host = hostName();
    private final Map<String, Response> ballots = new HashMap<>();

    BallotPage(Options options, boolean hasResult) {
        this.options = options;
        this.hasResult = hasResult;
        ballots.put(null, ballot(null, "You have one vote, and can change it at any time."));
        for (var option : options.list()) {
            ballots.put(option.key(), ballot(option.key(), "Your vote is in. You can change it at any time."));
        }
    }

    /// The ballot with this option marked as chosen, or none if it is null.
    Response show(String chosen) {
        return ballots.get(chosen);
    }

    private Response ballot(String chosen, String status) {
        var buttons = new StringBuilder();
        for (var option : options.list()) {
            boolean isChosen = option.key().equals(chosen);
            buttons.append("<button name=\"vote\" value=\"%s\" aria-pressed=\"%s\" dir=\"auto\">%s%s</button>\n"
                    .formatted(option.key(), isChosen, escape(option.label()), isChosen ? CHOSEN : ""));
        }
        String html = Html.page(
                options.title(),
                "",
                "<link rel=\"stylesheet\" href=\"ballot.css\">",
                BALLOT.formatted(escape(options.title()), status, buttons, hasResult ? "" : " hidden", escape(host)));
        return Response.html(200, html);
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException _) {
            return "an unnamed host";
        }
    }
}
