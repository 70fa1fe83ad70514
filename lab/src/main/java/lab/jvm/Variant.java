package lab.jvm;

import common.SettingException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import lab.stack.Java;

/// One way to run a service's JVM.
///
/// @param java the launcher: this JDK's, another's, or that of an image made with jlink
/// @param limits of the container that it runs in, if any: see [Cgroup]
record Variant(String name, Path java, List<String> limits, List<String> flags) {
    static final String BASE = "base";
    private static final Map<String, String> STRICT =
            Map.of("-XX:AOTCache=", "-XX:AOTMode=on", "-XX:SharedArchiveFile=", "-Xshare:on");
    private static final String LIMIT =
            "cpus:([1-9][0-9]*(\\.[0-9]+)?|0?\\.(0[1-9]|[1-9])[0-9]*)|memory:[1-9][0-9]*[kmg]";

    /// Reads `name=flags`, as in `small=-XX:+UseSerialGC -Xmx64m` or `half=cpus:0.5 @/path/to/jdk`: flags with blanks
    /// between them, or nothing; `@` and a folder for another JDK; `cpus:` and `memory:` for limits.
    static Variant of(String text) {
        int equals = text.indexOf('=');
        if (equals < 1) {
            throw new SettingException("--variant", "is written NAME=FLAGS, not " + text);
        }
        Path java = Java.LAUNCHER;
        List<String> limits = new ArrayList<>();
        List<String> flags = new ArrayList<>();
        for (String word : text.substring(equals + 1).strip().split("\\s+")) {
            if (word.startsWith("@")) {
                java = Java.launcher(Path.of(word.substring(1)));
            } else if (word.matches(LIMIT)) {
                limits.add(word);
            } else if (word.matches("[a-z]+:.*")) {
                throw new SettingException("--variant", "has limits like cpus:0.5 and memory:128m, not " + word);
            } else if (!word.isEmpty()) {
                flags.add(word);
            }
        }
        return new Variant(text.substring(0, equals), java, limits, flags);
    }

    /// The same by another `java`, if it has none of its own.
    Variant launchedBy(Path other) {
        return new Variant(name, java.equals(Java.LAUNCHER) ? other : java, limits, flags);
    }

    Variant with(String flag) {
        List<String> all = new ArrayList<>(flags);
        all.add(flag);
        return new Variant(name, java, limits, all);
    }

    /// The same once more, as a measure of what the noise alone does.
    Variant again() {
        return new Variant(name + " again (A/A)", java, limits, flags);
    }

    /// How the names of its files begin.
    String fileName() {
        return name.replaceAll("[^A-Za-z0-9]+", "-").replaceFirst("-$", "");
    }

    /// The flags with one more that makes a JVM end at its start if it cannot use an archive that it is given. Left to
    /// itself it says a line at most and goes on without, which would look like an archive that does not help.
    List<String> strictFlags() {
        List<String> strict = new ArrayList<>(flags);
        STRICT.forEach((archive, mode) -> {
            if (text().contains(archive)) {
                strict.add(mode);
            }
        });
        return strict;
    }

    /// Whether it starts from an archive, which is good for the very jar that it was made from.
    boolean hasArchive() {
        return strictFlags().size() > flags.size();
    }

    /// What [#of] reads.
    String text() {
        List<String> words = new ArrayList<>(limits);
        words.addAll(flags);
        if (!java.equals(Java.LAUNCHER)) {
            words.addFirst("@" + java.getParent().getParent());
        }
        return String.join(" ", words);
    }
}
