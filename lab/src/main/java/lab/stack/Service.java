package lab.stack;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.commons.lang3.function.Failable;

/// One of our three programs, started from its jar as a user would start it.
public final class Service extends Server {
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    final Map<String, String> environment;
    private final List<String> jvmFlags;
    final Consumer<String> log;
    private Path java = Java.LAUNCHER;
    private Process jvm;
    private Path checkout = Stack.root();
    private Thread logging;

    /// @param name its folder and its jar
    /// @param log gets every line that it prints
    public Service(String name, Map<String, String> environment, List<String> jvmFlags, Consumer<String> log) {
        super(name, Integer.parseInt(environment.get("PORT")));
        this.environment = Map.copyOf(environment);
        this.jvmFlags = List.copyOf(jvmFlags);
        this.log = log;
    }

    public URI address() {
        return URI.create("http://127.0.0.1:" + port() + "/");
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
        var builder =
                Java.command(java, jvmFlags, "-jar", jar(checkout, name())).redirectErrorStream(true);
        builder.command().add(1, "-XX:+ExitOnOutOfMemoryError"); // as the images have it; before flags that may differ
        // what the user's shell says of other servers is not meant for ours
        builder.environment().keySet().removeIf(name -> name.startsWith("PG") || name.startsWith("REDIS_"));
        builder.environment().putAll(environment);
        jvm = Failable.call(builder::start);
        process = jvm.toHandle();
        BufferedReader lines = jvm.inputReader();
        // not a virtual one: reading a pipe would keep a processor's only carrier from all others
        logging = Thread.ofPlatform()
                .daemon()
                .name("log of " + name())
                .start(() -> lines.lines().forEach(log));
    }

    /// The jar of a service where a checkout builds it.
    public static Path jar(Path checkout, String name) {
        return checkout.resolve(name, "target", name + ".jar");
    }

    @Override
    public void stop() {
        if (!end(process)) { // not Process.destroy(), which would close the log before its last lines
            log.accept("did not stop: it was killed");
        }
    }

    /// Once it has ended.
    public int exitCode() throws InterruptedException {
        return jvm.waitFor();
    }

    /// The answer to a GET of this path.
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
        Await.until(name() + " is ready", () -> unready() == null);
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

    /// Returns as soon as it answers. It asks by bare sockets, and again at once: on two processors, every other client
    /// would slow down what it waits for.
    ///
    /// @throws IllegalStateException if it ends instead, or takes longer than a minute
    public void awaitAnswer() throws InterruptedException {
        String path = name().equals("worker") ? "/livez" : "/";
        byte[] request = "GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
                .formatted(path)
                .getBytes();
        long giveUp = System.nanoTime() + PATIENCE.toNanos();
        while (!answers(request)) {
            if (!isAlive()) {
                logging.join(); // so that whoever hears of it has its last words
                throw new IllegalStateException(name() + " ended instead of answering");
            }
            if (System.nanoTime() > giveUp) {
                throw new IllegalStateException(name() + " does not answer");
            }
            Thread.sleep(1); // then asks again
        }
    }

    private boolean answers(byte[] request) {
        try (var socket = new Socket("127.0.0.1", port())) {
            socket.getOutputStream().write(request);
            return new String(socket.getInputStream().readNBytes(12)).equals("HTTP/1.1 200");
        } catch (IOException _) {
            return false; // not yet
        }
    }
}
