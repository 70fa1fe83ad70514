package lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import lab.stack.Stack;
import org.junit.jupiter.api.Test;

/// README.md and the READMEs of the rooms say the truth, as far as a program can tell.
class ReadmeTest {
    private static final Path ROOT = Stack.root();
    private static final int WORDS_IN_TEN_MINUTES = 1500;

    private final String readme = read(ROOT.resolve("README.md"));
    private final List<Path> pages = pages();

    @Test
    void theReadmeIsReadInTenMinutes() {
        long words = all("[^\\s|]*\\w[^\\s|]*", readme).count();
        assertTrue(words <= WORDS_IN_TEN_MINUTES, words + " words");
    }

    @Test
    void theSettingsTableNamesExactlyWhatTheServicesRead() {
        var documented = new TreeSet<String>();
        all("(?m)^\\| (`[^|]*)", between(readme, "## Settings", "\n## "))
                .flatMap(row -> all("`([A-Z_]+)`", row.group(1)))
                .forEach(name -> documented.add(name.group(1)));
        var read = new TreeSet<String>();
        all("env\\s*\\.\\w+\\(\\s*(.*)", sources("common", "vote", "worker", "result"))
                .flatMap(call -> all("\"([A-Z_]{4,})\"", call.group(1)))
                .forEach(name -> read.add(name.group(1)));
        assertEquals(read, documented);
    }

    /// A hand copies them, so it may forget one.
    @Test
    void everyFigureThatTheReadmeQuotesIsAmongTheLaboratorys() {
        String quoted =
                between(readme, "**The promise.**", "## Troubleshooting").replaceAll("`[^`]*`", "");
        String figures = read(ROOT.resolve("lab/README.md"));
        all("\\d[\\d.,]*\\d|\\d", quoted).map(MatchResult::group).forEach(figure -> {
            String alone = "(?<![\\d.,])" + Pattern.quote(figure) + "(?![.,]?\\d)";
            assertTrue(has(alone, figures), figure + " is not in lab/README.md");
        });
    }

    @Test
    void everyLinkLeadsSomewhere() {
        for (Path page : pages) {
            all("\\]\\((?!https?:)([^)#]*)#?([^)]*)\\)", read(page)).forEach(link -> {
                Path target = link.group(1).isEmpty() ? page : page.resolveSibling(link.group(1));
                assertTrue(Files.exists(target), page + ": " + link.group());
                assertTrue(link.group(2).isEmpty() || headings(target).contains(link.group(2)), page + link.group());
            });
        }
    }

    @Test
    void everyCommandAndOptionOfBuildShIsInItsHelp() {
        String help = between(read(ROOT.resolve("build.sh")), "<<'TEXT'", "\nTEXT") + "\n./build.sh ";
        for (Path page : pages) {
            all("\\./build\\.sh ([a-z-]+)((?:[^`\n#\\\\]|\\\\\n)*)", read(page)).forEach(command -> {
                String start = "\n./build.sh " + command.group(1);
                assertTrue(help.contains(start), page + ": " + command.group());
                var lab = Lab.commands().getSubcommands().get(command.group(1));
                String explained = between(help, start, "\n./build.sh ") + (lab == null ? "" : lab.getUsageMessage());
                all("(?<= )--[a-z-]+", command.group(2))
                        .forEach(option ->
                                assertTrue(explained.contains(option.group()), page + ": " + command.group()));
            });
        }
    }

    @Test
    void everyFileThatAContainerCommandNamesIsThere() {
        for (Path page : pages) {
            all("(?:docker|kubectl) [^`\n]*", read(page))
                    .flatMap(command -> all(" -[fck] ([\\w./-]+)", command.group()))
                    .forEach(file -> assertTrue(Files.exists(ROOT.resolve(file.group(1))), page + file.group()));
        }
    }

    @Test
    void everyAddressThatIsAskedForIsOneThatIsAnswered() {
        for (Path page : pages) {
            all("curl [^\n]*http://localhost:500([01])(/[^\"?\\s`]*)", read(page))
                    .forEach(curl -> {
                        String service = curl.group(1).equals("0") ? "vote" : "result";
                        String route = "(on\\(\"(GET|POST) |resource\\(\")" + Pattern.quote(curl.group(2)) + "\"";
                        assertTrue(has(route, sources("common", service)), page + ": " + curl.group());
                    });
        }
    }

    /// Those in the root and in the folders of the first level.
    private static List<Path> pages() {
        try (Stream<Path> files =
                Files.find(ROOT, 2, (file, _) -> file.getFileName().toString().endsWith(".md"))) {
            return files.toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The anchors of a page's headings, as GitHub makes them.
    private static Set<String> headings(Path page) {
        return all("(?m)^#+ (.*)", read(page))
                .map(heading -> heading.group(1)
                        .toLowerCase()
                        .replaceAll("[^\\w -]", "")
                        .replace(' ', '-'))
                .collect(Collectors.toSet());
    }

    private static String sources(String... modules) {
        var text = new StringBuilder();
        for (String module : modules) {
            try (Stream<Path> files = Files.walk(ROOT.resolve(module + "/src/main/java"))) {
                files.filter(Files::isRegularFile).forEach(file -> text.append(read(file)));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return text.toString();
    }

    private static Stream<MatchResult> all(String pattern, String text) {
        return Pattern.compile(pattern).matcher(text).results();
    }

    private static boolean has(String pattern, String text) {
        return all(pattern, text).findAny().isPresent();
    }

    private static String between(String text, String start, String end) {
        int from = text.indexOf(start) + start.length();
        return text.substring(from, text.indexOf(end, from));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
