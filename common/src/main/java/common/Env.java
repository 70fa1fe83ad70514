package common;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/// The environment variables a service is configured by. Every method checks what it reads and throws a
/// [SettingException] that names the variable, so that a service refuses nonsense before it opens a port.
public record Env(Map<String, String> variables) {
    private static final Pattern NAME = Pattern.compile("[\\w-]+(\\.[\\w-]+)*\\.?");
    private static final int MAX_PORT = 65_535;
    private static final int MAX_SECRET = 4096;

    /// Reads its settings, builds its parts and starts them.
    public interface Service {
        void start(Env env) throws Exception;
    }

    /// Starts a service with the environment of this process. A setting that makes no sense ends the process with one
    /// sentence and exit code 2; a fault of our own with its stack trace and 1, for whoever starts it again.
    public static void run(Service service) {
        Locale.setDefault(Locale.ROOT); // the same digits in every country
        try {
            service.start(new Env(System.getenv()));
        } catch (SettingException e) {
            System.err.println(e.getMessage());
            System.exit(2);
        } catch (Exception | Error e) {
            Log.error("This service cannot go on", e);
            System.exit(1);
        }
    }

    public boolean has(String name) {
        return variables.containsKey(name);
    }

    /// The text of a variable, or the fallback where it is not set. Blank text and control characters are refused.
    public String text(String name, String fallback) {
        String value = variables.get(name);
        if (value == null) {
            return fallback;
        }
        SettingException.unless(!value.isBlank(), name, "is set but empty: give it a value or leave it out.");
        boolean isText = value.chars().noneMatch(Character::isISOControl);
        SettingException.unless(isText, name, "contains a control character.");
        return value.strip();
    }

    public int number(String name, int fallback, int least, int most) {
        return number(name, text(name, "" + fallback), least, most);
    }

    private static int number(String name, String text, int least, int most) {
        int number = text.matches("[0-9]{1,5}") ? Integer.parseInt(text) : -1;
        boolean right = least <= number && number <= most;
        SettingException.mustBe(right, name, "a whole number from " + least + " to " + most, text);
        return number;
    }

    public int port(String name, int fallback) {
        return number(name, fallback, 1, MAX_PORT);
    }

    /// One host or several, as libpq lists them: separated by commas, with one port for all or one for each.
    public List<InetSocketAddress> addresses(String hostName, String host, String portName, int port) {
        String[] hosts = text(hostName, host).split(",", -1);
        String[] ports = text(portName, "" + port).split(",", -1);
        boolean fit = ports.length == 1 || ports.length == hosts.length;
        SettingException.unless(fit, portName, "must be one port, or one for each host in " + hostName + ".");
        List<InetSocketAddress> addresses = new ArrayList<>();
        for (int i = 0; i < hosts.length; i++) {
            String its = hosts[i].strip();
            SettingException.mustBe(isHost(its), hostName, "a host name or an IP address", its);
            int itsPort = number(portName, ports[ports.length == 1 ? 0 : i].strip(), 1, MAX_PORT);
            addresses.add(InetSocketAddress.createUnresolved(its, itsPort));
        }
        return addresses;
    }

    private static boolean isHost(String text) {
        try {
            if (text.matches("[0-9.]+") || !NAME.matcher(text).matches()) {
                InetAddress.ofLiteral(text); // asks nobody
            }
            return true;
        } catch (IllegalArgumentException _) {
            return false;
        }
    }

    /// Where people reach another page, for [Request#addressOf]: a URL, or a port on the host they reach this page by,
    /// written as Docker publishes ports (`5000` or `127.0.0.1:5000`); `.`, this page, where it is not set.
    public String page(String name) {
        String text = text(name, ".").replaceFirst("^[0-9.]+:", "");
        boolean isPort = text.matches("[0-9]+");
        boolean right = isPort || text.matches("\\.|https?://[^/?#\\s]\\S*");
        SettingException.mustBe(right, name, "a port, or a URL as https://example.org/", text);
        return isPort ? "//{host}:" + number(name, text, 1, MAX_PORT) + "/" : text;
    }

    /// A secret, given by value in `NAME` or as the first line of the file that `NAME_FILE` names; never both.
    public String secret(String name, String fallback) {
        String fileName = name + "_FILE";
        if (!has(fileName)) {
            return text(name, fallback);
        }
        SettingException.unless(!has(name), name, "and " + fileName + " are both set: keep one of them.");
        Path file = Path.of(text(fileName, null));
        try (InputStream in = Files.newInputStream(file)) {
            String start = new String(in.readNBytes(MAX_SECRET), StandardCharsets.UTF_8); // not all of /dev/zero
            String secret = start.lines().findFirst().orElse("");
            boolean isText = !secret.isBlank() && secret.chars().noneMatch(Character::isISOControl);
            SettingException.unless(isText, fileName, "names a file that has no text in its first line: " + file + ".");
            return secret;
        } catch (IOException e) {
            throw new SettingException(fileName, "names a file that cannot be read: " + file + ".");
        }
    }
}
