package lab.browser;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import lab.stack.Service;
import lab.stack.Stack;
import lab.stack.TestSystem;
import org.junit.jupiter.api.Test;

/// `./build.sh screenshots`: both pages as README.md shows them, from a system with three hundred votes. Not one of the
/// tests.
class Screenshots {
    private static final Map<String, String> PUBLIC =
            Map.of("VOTE_URL", "https://vote.example.org/", "RESULT_URL", "https://result.example.org/");
    private static final Path FOLDER = Stack.root().resolve(".github");

    @Test
    void ofBothPagesInBothColourSchemes() throws Exception {
        try (var system = new TestSystem(PUBLIC, "vote", "worker", "result").start();
                var browser = Browser.start()) {
            Service vote = system.service("vote");
            browser.open(vote.address());
            browser.click("button[value=a]");
            browser.awaitText("[role=status]", "Your vote is in");
            for (int i = 1; i < 300; i++) {
                vote.vote(i % 5 < 3 ? "a" : "b");
            }
            system.awaitVotes(180, 120);
            for (String scheme : List.of("light", "dark")) {
                browser.prefer("prefers-color-scheme", scheme);
                browser.open(vote.address());
                browser.awaitText("[role=status]", "Your vote is in");
                keep(browser, "ballot-" + scheme);
                browser.open(system.service("result").address());
                browser.awaitText("#total", "300");
                keep(browser, "result-" + scheme);
            }
        }
    }

    private static void keep(Browser browser, String name) throws Exception {
        browser.screenshot(name);
        Path file = FOLDER.resolve(name + ".png");
        Files.copy(
                Stack.root().resolve("lab/target/screenshots", name + ".png"),
                file,
                StandardCopyOption.REPLACE_EXISTING);
        System.out.printf("Wrote .github/%s (%d KB)%n", file.getFileName(), Files.size(file) / 1000);
    }
}
