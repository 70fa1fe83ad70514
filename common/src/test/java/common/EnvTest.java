package common;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

class EnvTest {
    private static Env env(String name, String value) {
        return new Env(Map.of(name, value));
    }

    private static List<InetSocketAddress> addresses(Env env) {
        return env.addresses("PGHOST", "db", "PGPORT", 5432);
    }

    private static List<InetSocketAddress> addresses(String hosts, String ports) {
        return addresses(new Env(Map.of("PGHOST", hosts, "PGPORT", ports)));
    }

    private static InetSocketAddress address(String host, int port) {
        return InetSocketAddress.createUnresolved(host, port);
    }

    private static void refused(String setting, Executable reading) {
        String said = assertThrows(SettingException.class, reading).getMessage();
        assertTrue(said.matches(setting + " .*\\."), said);
    }

    @Test
    void whatIsNotSetHasItsDefault() {
        assertEquals(List.of(address("db", 5432)), addresses(new Env(Map.of())));
        assertEquals(80, new Env(Map.of()).port("PORT", 80));
    }

    @Test
    void hostsAreNamesOrAddresses() {
        for (String good : List.of("db", "db.internal", "my_db-1.svc.", "10.0.0.1", "::1", "2001:db8::7")) {
            assertEquals(List.of(address(good, 5432)), addresses(env("PGHOST", good)));
        }
        for (String bad : List.of(
                "",
                "db:5432",
                "a b",
                "http://db",
                "a..b",
                ".",
                "1.2.3.400",
                "::::",
                "fade:5432",
                "ä",
                "a,",
                ",a",
                "a,,b")) {
            refused("PGHOST", () -> addresses(env("PGHOST", bad)));
        }
    }

    @Test
    void severalHostsHaveOnePortOrOneEach() {
        assertEquals(List.of(address("a", 1), address("b", 1)), addresses("a, b", "1"));
        assertEquals(List.of(address("a", 1), address("::1", 2)), addresses("a,::1", "1, 2"));
        for (String bad : List.of("1,2,3", "1,", "0", "65536", "1,x", "1,0")) {
            refused("PGPORT", () -> addresses("a,b", bad));
        }
        refused("PGPORT", () -> addresses("a", "1,2"));
    }

    @Test
    void numbersHaveTheirRange() {
        assertEquals(3, env("QUEUE_PARTITIONS", " 3 ").number("QUEUE_PARTITIONS", 1, 1, 100));
        for (String bad : List.of("0", "101", "many", "-1", "1.5", "1e1", "999999999999")) {
            refused("QUEUE_PARTITIONS", () -> env("QUEUE_PARTITIONS", bad).number("QUEUE_PARTITIONS", 1, 1, 100));
        }
    }

    @Test
    void aSecretMayBeTheFirstLineOfAFile(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("password"), " with blanks \nsecond line");
        assertEquals(" with blanks ", env("PGPASSWORD_FILE", file.toString()).secret("PGPASSWORD", null));
    }

    @Test
    void aSecretFileWithoutTextIsRefused(@TempDir Path folder) throws IOException {
        for (String content : List.of("", "\n", "  \nx", "\0\0\0")) {
            Path file = Files.writeString(folder.resolve("password"), content);
            assertThrows(
                    SettingException.class,
                    () -> env("PGPASSWORD_FILE", file.toString()).secret("PGPASSWORD", null));
        }
    }
}
