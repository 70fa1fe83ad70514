package lab.report;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.json.JSONObject;

/// A report as one HTML file: its JSON, and what shows it, with nothing from elsewhere.
final class Page {
    private static final String CHARTS = "/META-INF/resources/webjars/chart.js/4.5.1/dist/chart.umd.min.js";

    private Page() {}

    static String html(JSONObject report) throws IOException {
        return resource("report.html")
                .replace("/* style */", resource("report.css"))
                .replace("/* charts */", resource(CHARTS).replaceAll("(?m)^//# .*", ""))
                .replace("/* script */", resource("report.js"))
                .replace("/* data */", report.toString().replace("<", "\\u003c"));
    }

    private static String resource(String name) throws IOException {
        try (InputStream file = Page.class.getResourceAsStream(name)) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
