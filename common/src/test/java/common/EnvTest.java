package common;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EnvTest {
    private static Env env(String name, String value) {
        return new Env(Map.of(name, value));
    }

    @Test
    void whatIsNotSetHasItsDefault() {
        assertEquals("redis", new Env(Map.of()).host("REDIS_HOST", "redis"));
        assertEquals(80, new Env(Map.of()).port("PORT", 80));
    }

    @Test
    void hostsAreNamesOrAddresses() {
        for (String good : List.of("db", "db.internal", "my_db-1.svc.", "10.0.0.1", "::1", "2001:db8::7")) {
            assertEquals(good, env("PGHOST", good).host("PGHOST", "db"));
        }
        for (String bad :
                List.of("", "db:5432", "a b", "http://db", "a..b", ".", "1.2.3.400", "::::", "fade:5432", "ä")) {
            String said = assertThrows(
                            SettingException.class, () -> env("PGHOST", bad).host("PGHOST", "db"), bad)
                    .getMessage();
            assertTrue(said.matches("PGHOST .*\\."), said);
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
