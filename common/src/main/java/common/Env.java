package common;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;

/// The environment variables a service is configured by. Every method checks what it reads and throws a
/// [SettingException] that names the variable, so that a service refuses nonsense before it opens a port.
public record Env(Map<String, String> variables) {
    private static final Pattern NAME = Pattern.compile("[\\w-]+(\\.[\\w-]+)*\\.?");
    private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|.*:.*");
    private static final int MAX_SECRET = 4096;

    /// Builds a service's settings from the process environment. A setting that makes no sense ends the process:
    /// one sentence on standard error, exit code 2.
    public static <S> S settings(Function<Env, S> from) {
        try {
            return from.apply(new Env(System.getenv()));
        } catch (SettingException e) {
            throw refuse(e);
        }
    }

    static SettingException refuse(SettingException e) {
        System.err.println(e.getMessage());
        System.exit(2);
        return e;
    }

    public boolean has(String name) {
        return variables.containsKey(name);
    }

    /// The text of a variable, or the fallback where it is not set. Set but blank, or with control characters, is
    /// refused.
    public String text(String name, String fallback) {
        String value = variables.get(name);
        if (value == null) {
            return fallback;
        }
        if (value.isBlank()) {
            throw new SettingException(name, "is set but empty: give it a value or leave it out.");
        }
        if (value.chars().anyMatch(Character::isISOControl)) {
            throw new SettingException(name, "contains a control character.");
        }
        return value.strip();
    }

    /// A host name or an IP address.
    public String host(String name, String fallback) {
        String host = text(name, fallback);
        if (ADDRESS.matcher(host).matches()) {
            address(name, host);
        } else if (!NAME.matcher(host).matches()) {
            throw new SettingException(name, "must be a host name or an address, not \"" + host + "\".");
        }
        return host;
    }

    /// The IP address that a part of a setting is; nobody is asked for a name.
    public static InetAddress address(String name, String text) {
        try {
            return InetAddress.ofLiteral(text);
        } catch (IllegalArgumentException _) {
            throw new SettingException(name, "names \"" + text + "\", which is no IP address.");
        }
    }

    /// A whole number from `min` to `max`.
    public int number(String name, int fallback, int min, int max) {
        String text = text(name, Integer.toString(fallback));
        try {
            int number = Integer.parseInt(text);
            if (min <= number && number <= max) {
                return number;
            }
        } catch (NumberFormatException _) {
            // said below, like a number out of range
        }
        throw new SettingException(name, "must be a whole number from %d to %d, not \"%s\".".formatted(min, max, text));
    }

    public int port(String name, int fallback) {
        return number(name, fallback, 1, 65535);
    }

    /// A secret, given by value in `NAME` or as the first line of the file that `NAME_FILE` names; never both.
    public String secret(String name, String fallback) {
        String fileName = name + "_FILE";
        if (!has(fileName)) {
            return text(name, fallback);
        }
        if (has(name)) {
            throw new SettingException(name, "and " + fileName + " are both set: keep one of them.");
        }
        Path file = Path.of(text(fileName, null));
        try (InputStream in = Files.newInputStream(file)) {
            String start = new String(in.readNBytes(MAX_SECRET), StandardCharsets.UTF_8); // not all of /dev/zero
            String secret = start.lines().findFirst().orElse("");
            if (secret.isBlank() || secret.chars().anyMatch(Character::isISOControl)) {
                throw new SettingException(fileName, "names a file that has no text in its first line: " + file + ".");
            }
            return secret;
        } catch (IOException e) {
            throw new SettingException(fileName, "names a file that cannot be read: " + file + ".");
        }
    }
}
