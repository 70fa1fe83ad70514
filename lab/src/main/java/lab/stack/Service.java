package lab.stack;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// One of our three programs, started from its jar as a user would start it.
public final class Service implements Server {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int STOP_SECONDS = 30;
    private static final long GIVE_UP_NANOS = 60_000_000_000L;

    private final String name;
    private final Map<String, String> environment;
    private final List<String> jvmFlags;
    private final Consumer<String> log;
    private final int port;
    private Path java = Java.LAUNCHER;
    private Path checkout = Stack.root();
    private Process process;
    private Thread logging;

    /// @param name the service, which is also its folder and its jar
    /// @param environment its settings
    /// @param log gets every line that it prints
    public Service(String name, Map<String, String> environment, List<String> jvmFlags, Consumer<String> log) {
        this.name = name;
        this.environment = Map.copyOf(environment);
        this.jvmFlags = List.copyOf(jvmFlags);
        this.log = log;
        this.port = Integer.parseInt(environment.get("PORT"));
    }

    /// The same with other flags, and some other settings.
    Service with(List<String> jvmFlags, Map<String, String> changed) {
        Map<String, String> settings = new HashMap<>(environment);
        settings.putAll(changed);
        return new Service(name, settings, jvmFlags, log);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public int port() {
        return port;
    }

    public URI address() {
        return URI.create("http://127.0.0.1:" + port + "/");
    }

    /// Has it started by another `java` than this JDK's.
    public Service launchedBy(Path java) {
        this.java = java;
        return this;
    }

    /// Has another checkout's start instead of this one's.
    public Service builtIn(Path checkout) {
        this.checkout = checkout;
        return this;
    }

    @Override
    public void start() {
        var builder = Java.command(java, jvmFlags, "-jar", jar(checkout, name)).redirectErrorStream(true);
        // what the user's shell says of other servers is not meant for ours
        builder.environment().keySet().removeIf(name -> name.startsWith("PG") || name.startsWith("REDIS_"));
        builder.environment().putAll(environment);
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        BufferedReader lines = process.inputReader();
        // not a virtual one: reading a pipe would keep a processor's only carrier from all others
        logging = Thread.ofPlatform()
                .daemon()
                .name("log of " + name)
                .start(() -> lines.lines().forEach(log));
    }

    /// The jar of a service where a checkout builds it.
    public static Path jar(Path checkout, String name) {
        return checkout.resolve(name, "target", name + ".jar");
    }

    @Override
    public void stop() {
        process.toHandle().destroy(); // Process.destroy() would close the log before its last lines
        try {
            if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                log.accept("does not stop: it is killed");
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException _) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public ProcessHandle process() {
        return process == null ? null : process.toHandle();
    }

    /// Its exit code, once it has ended.
    public int exitCode() throws InterruptedException {
        return process.waitFor();
    }

    /// The answer to a GET of this path, which may begin with a slash or not.
    public HttpResponse<String> get(String path, String... headers) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(address().resolve(path)), headers);
    }

    /// The answer to a vote that is cast as the page's form does it.
    public HttpResponse<String> vote(String option, String... headers) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(address())
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString("vote=" + option));
        return send(request, headers);
    }

    private static HttpResponse<String> send(HttpRequest.Builder request, String... headers)
            throws IOException, InterruptedException {
        var complete = headers.length == 0 ? request : request.headers(headers);
        return CLIENT.send(complete.timeout(PATIENCE).build(), BodyHandlers.ofString());
    }

    /// One number of its metrics, or 0 if it has none of this name.
    public double metric(String name) throws IOException, InterruptedException {
        return get("metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
                .findFirst()
                .orElse(0);
    }

    public void awaitReady() {
        Await.until(name + " is ready", () -> unready() == null);
    }

    /// Null if it is ready, or why it is not.
    public String unready() {
        try {
            var response = get("readyz");
            return response.statusCode() == 200 ? null : response.body().strip();
        } catch (IOException _) {
            return isAlive() ? "starting" : "ended";
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return "interrupted";
        }
    }

    /// Returns as soon as it answers. It asks by bare sockets: on two processors, every other client would slow down
    /// what it waits for.
    ///
    /// @throws IllegalStateException if it ends instead, or takes longer than a minute
    public void awaitAnswer() throws InterruptedException {
        String path = name.equals("worker") ? "/livez" : "/";
        byte[] request = ("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        long giveUp = System.nanoTime() + GIVE_UP_NANOS;
        while (isAlive() && System.nanoTime() < giveUp) {
            try (var socket = new Socket("127.0.0.1", port)) {
                socket.getOutputStream().write(request);
                String answer = new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
                if (answer.equals("HTTP/1.1 200")) {
                    return;
                }
            } catch (IOException _) {
                // not yet
            }
            Thread.sleep(1); // then asks again
        }
        if (isAlive()) {
            throw new IllegalStateException(name + " does not answer");
        }
        logging.join(); // so that whoever hears of it has its last words
        throw new IllegalStateException(name + " ended instead of answering");
    }
}
