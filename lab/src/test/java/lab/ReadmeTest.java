package lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import lab.stack.Stack;
import org.junit.jupiter.api.Test;

/// README.md says the truth, as far as a program can tell.
class ReadmeTest {
    private static final Path ROOT = Stack.root();
    private final String readme = read(ROOT.resolve("README.md"));

    @Test
    void theSettingsTableNamesExactlyWhatTheServicesRead() throws IOException {
        String section = between(readme, "## Settings", "\n## ");
        Set<String> documented = new TreeSet<>();
        section.lines().filter(line -> line.startsWith("| `")).forEach(row -> {
            String[] cells = row.split("\\|");
            documented.addAll(all("`([A-Z][A-Z_]*)`", cells[1]));
        });
        Set<String> read = new TreeSet<>();
        for (String module : Set.of("common", "vote", "worker", "result")) {
            try (Stream<Path> files = Files.walk(ROOT.resolve(module + "/src/main/java"))) {
                files.filter(Files::isRegularFile)
                        .forEach(file -> read.addAll(all("env\\s*\\.\\w+\\(\\s*\"([A-Z][A-Z_]*)\"", read(file))));
            }
        }
        assertEquals(read, documented);
    }

    @Test
    void everyCommandOfBuildShInTheReadmeIsInItsHelp() {
        String help = between(read(ROOT.resolve("build.sh")), "<<'TEXT'", "\nTEXT");
        Set<String> commands = all("\\./build\\.sh ([a-z][a-z-]*)", readme);
        assertFalse(commands.isEmpty());
        commands.forEach(command -> assertTrue(help.contains("./build.sh " + command), command));
    }

    @Test
    void everyFileLinkedToIsThere() {
        all("\\]\\(([^)#:]+)\\)", readme).forEach(link -> assertTrue(Files.exists(ROOT.resolve(link)), link));
    }

    private static Set<String> all(String pattern, String text) {
        Set<String> found = new TreeSet<>();
        var matcher = Pattern.compile(pattern).matcher(text);
        while (matcher.find()) {
            found.add(matcher.group(1));
        }
        return found;
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
