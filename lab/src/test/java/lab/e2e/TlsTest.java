package lab.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import lab.stack.Await;
import lab.stack.Java;
import lab.stack.Service;
import lab.stack.TestSystem;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// Both stores behind TLS: PostgreSQL's own, and a relay's before Redis.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TlsTest {
    private static final char[] PASSWORD = "changeit".toCharArray();
    private static final String NOT_TRUSTED = "its certificate is not trusted: see PGSSLROOTCERT, REDIS_TLS";

    private final TestSystem system = new TestSystem(Map.of());

    private Path folder;
    private SSLServerSocket relay;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        this.folder = folder;
        system.start();
        certificate("right");
        certificate("wrong");
        Path key = folder.resolve("right.key");
        Files.writeString(key, privateKey("right"));
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        system.postgres.execute(
                "ALTER SYSTEM SET ssl_cert_file = '" + pem("right") + "'",
                "ALTER SYSTEM SET ssl_key_file = '" + key + "'",
                "ALTER SYSTEM SET ssl = on",
                "SELECT pg_reload_conf()");
        Await.until(
                "PostgreSQL speaks TLS",
                () -> !system.postgres
                        .rows("SELECT FROM pg_settings WHERE name = 'ssl' AND setting = 'on'")
                        .isEmpty());
        relay = (SSLServerSocket)
                context("right").getServerSocketFactory().createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofPlatform().daemon().start(this::relay);
    }

    @AfterAll
    void stop() throws IOException {
        system.close();
        relay.close();
    }

    @Test
    void whoTrustsTheRightCertificateVotesAndIsCounted() throws Exception {
        Service page = start("vote", "right");
        Service worker = start("worker", "right");
        worker.awaitReady();
        page.awaitReady();
        assertEquals(200, page.vote("a").statusCode());
        Await.until("it is stored", () -> "1".equals(system.postgres.value("SELECT count(*) FROM votes")));
        assertEquals(
                List.of(List.of("t")),
                system.postgres.rows("SELECT DISTINCT ssl FROM pg_stat_ssl JOIN pg_stat_activity USING (pid)"
                        + " WHERE application_name = 'worker'"));
        page.stop();
        worker.stop();
    }

    @Test
    void whoTrustsAnotherIsToldWhichSettingsToLookAt() throws Exception {
        Service page = start("vote", "wrong");
        awaitSaid("vote", "Waiting for Redis: " + NOT_TRUSTED);
        assertEquals(503, page.vote("a").statusCode());
        page.stop();
        Service worker = start("worker", "wrong");
        awaitSaid("worker", "Waiting for PostgreSQL: " + NOT_TRUSTED);
        worker.stop();
    }

    @Test
    void whoSpeaksNoTlsIsNotLetIn() throws Exception {
        Service page = start("vote", "right", "REDIS_TLS", "false");
        Await.until("the page is there", () -> !"starting".equals(page.unready()));
        assertEquals(503, page.vote("a").statusCode());
        page.stop();
    }

    private void awaitSaid(String service, String sentence) {
        Await.until(
                service + " says: " + sentence,
                () -> system.log.stream().anyMatch(line -> line.startsWith(service) && line.endsWith(sentence)));
    }

    /// @param trusted the certificate
    private Service start(String name, String trusted, String... more) {
        Map<String, String> settings = new HashMap<>(Map.of(
                "REDIS_PORT",
                Integer.toString(relay.getLocalPort()),
                "REDIS_TLS",
                "true",
                "PGSSLMODE",
                "verify-full",
                "PGSSLROOTCERT",
                pem(trusted).toString()));
        for (int i = 0; i < more.length; i += 2) {
            settings.put(more[i], more[i + 1]);
        }
        List<String> trust =
                List.of("-Djavax.net.ssl.trustStore=" + store(trusted), "-Djavax.net.ssl.trustStorePassword=changeit");
        Service service = system.stack.add(name, trust, settings);
        service.start();
        return service;
    }

    private Path store(String name) {
        return folder.resolve(name + ".p12");
    }

    private Path pem(String name) {
        return folder.resolve(name + ".crt");
    }

    /// Self-signed, of 127.0.0.1.
    private void certificate(String name) throws Exception {
        List<Object> common = List.of("-keystore", store(name), "-storepass", "changeit", "-alias", name);
        keytool(common, "-genkeypair", "-keyalg", "RSA", "-dname", "CN=" + name, "-ext", "SAN=ip:127.0.0.1");
        keytool(common, "-exportcert", "-rfc", "-file", pem(name));
    }

    private static void keytool(List<Object> common, Object... own) throws Exception {
        List<Object> arguments = new ArrayList<>(List.of(own));
        arguments.addAll(common);
        Java.tool("keytool", arguments.toArray());
    }

    private KeyStore keys(String name) throws Exception {
        return KeyStore.getInstance(store(name).toFile(), PASSWORD);
    }

    private String privateKey(String name) throws Exception {
        byte[] key = keys(name).getKey(name, PASSWORD).getEncoded();
        String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key);
        return "-----BEGIN PRIVATE KEY-----\n" + text + "\n-----END PRIVATE KEY-----\n";
    }

    private SSLContext context(String name) throws Exception {
        var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(keys(name), PASSWORD);
        var context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return context;
    }

    /// Takes the connections until it is closed.
    private void relay() {
        try {
            while (true) {
                Socket client = relay.accept();
                var redis = new Socket("127.0.0.1", system.redis.port());
                pump(client, redis);
                pump(redis, client);
            }
        } catch (IOException _) {
            // the test is over
        }
    }

    private static void pump(Socket from, Socket to) {
        Thread.ofPlatform().daemon().start(() -> {
            try (from;
                    to;
                    InputStream in = from.getInputStream();
                    OutputStream out = to.getOutputStream()) {
                in.transferTo(out);
            } catch (IOException _) {
                // one of the two is gone
            }
        });
    }
}
