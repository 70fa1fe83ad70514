package lab.jvm;

import common.SettingException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import lab.stack.Java;
import lab.stack.Stack;

/// One way to run a service's JVM.
///
/// @param java the launcher: this JDK's, or that of an image made with jlink
record Variant(String name, Path java, List<String> flags) {
    static final String BASE = "base";

    /// @param flags with blanks between them, or nothing
    static Variant of(String name, String flags) {
        return new Variant(
                name,
                Java.LAUNCHER,
                flags.isBlank() ? List.of() : List.of(flags.strip().split("\\s+")));
    }

    /// Reads `name=flags`, as in `small=-XX:+UseSerialGC -Xmx64m`.
    static Variant parse(String text) {
        int equals = text.indexOf('=');
        if (equals < 1) {
            throw new SettingException("--variant", "is written NAME=FLAGS, not " + text);
        }
        return of(text.substring(0, equals), text.substring(equals + 1));
    }

    Variant with(String flag) {
        List<String> all = new ArrayList<>(flags);
        all.add(flag);
        return new Variant(name, java, all);
    }

    /// The same once more, as a measure of what the noise alone does.
    Variant again() {
        return new Variant(name + " again (A/A)", java, flags);
    }

    /// The flags with one more that makes a JVM end at its start if it cannot use an archive that it is given. Left to
    /// itself it says a line at most and goes on without, which would look like an archive that does not help.
    List<String> strictFlags() {
        List<String> strict = new ArrayList<>(flags);
        if (flags.stream().anyMatch(flag -> flag.startsWith("-XX:AOTCache="))) {
            strict.add("-XX:AOTMode=on");
        }
        if (flags.stream().anyMatch(flag -> flag.startsWith("-XX:SharedArchiveFile="))) {
            strict.add("-Xshare:on");
        }
        return strict;
    }

    /// Its flags for people: without the folder that all the lab's files are in.
    String description() {
        String launcher = java.equals(Java.LAUNCHER) ? "" : java + " ";
        String text = (launcher + String.join(" ", flags)).replace(Stack.root() + "/", "");
        return text.isEmpty() ? "no flags" : text;
    }
}
