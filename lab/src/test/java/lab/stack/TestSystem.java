package lab.stack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.json.JSONArray;
import org.json.JSONObject;

/// A system for tests: real stores in a folder of their own, services from the built jars, and all that these print.
public final class TestSystem implements AutoCloseable {
    /// Without the second compiler a JVM that lives for a minute is sooner there and leaves more to the others.
    private static final List<String> QUICK = List.of("-XX:TieredStopAtLevel=1");

    public final Stack stack;
    public final PostgresServer postgres;
    public final RedisServer redis;
    public final Queue<String> log = new ConcurrentLinkedQueue<>();

    /// A system that is not started yet.
    ///
    /// @param settings environment variables for all services
    /// @param services which of vote, worker and result it has
    public TestSystem(Map<String, String> settings, String... services) {
        this(settings, QUICK, services);
    }

    /// @param flags for the JVM of each service
    public TestSystem(Map<String, String> settings, List<String> flags, String... services) {
        try {
            Path parent = Files.createDirectories(Stack.root().resolve("lab/target/systems"));
            Path folder = Files.createTempDirectory(parent, "");
            stack = Stack.temporary(folder, log::add, data -> new Stack(data, settings));
            Runtime.getRuntime().addShutdownHook(new Thread(stack::close, "stop")); // Ctrl-C in a test
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        postgres = stack.postgres;
        redis = stack.redis;
        for (String service : services) {
            stack.add(service, flags, Map.of());
        }
    }

    public TestSystem start() {
        stack.start();
        return this;
    }

    /// All is well again, and nobody has voted for either of two options.
    public void startOver() throws Exception {
        stack.restartWhatEnded();
        stack.awaitReady();
        stack.awaitEmptyQueue();
        postgres.execute("TRUNCATE votes");
        awaitVotes(0, 0);
    }

    public Service service(String name) {
        return service(stack, name);
    }

    /// The first service of this name.
    public static Service service(Stack stack, String name) {
        return stack.services.stream()
                .filter(service -> service.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /// Ends a service, and puts one with other flags but the same port and settings in its place. It is not started
    /// yet.
    ///
    /// @param changed settings that win over those it had
    public static Service replace(Stack stack, Service old, List<String> jvmFlags, Map<String, String> changed) {
        old.close();
        Map<String, String> settings = new HashMap<>(old.environment);
        settings.putAll(changed);
        var service = new Service(old.name(), settings, jvmFlags, old.log);
        stack.services.set(stack.services.indexOf(old), service);
        return service;
    }

    public int port(String service) {
        return service(service).port();
    }

    /// One more service with settings of its own, started and ready.
    public Service start(String name, Map<String, String> settings) {
        return stack.start(name, QUICK, settings);
    }

    /// What the result page's JSON says.
    public JSONObject results() throws IOException, InterruptedException {
        return new JSONObject(service("result").get("results").body());
    }

    /// The id that an answer of the voting page gives to a new voter.
    public static String voterId(HttpResponse<String> answer) {
        return answer.headers().allValues("Set-Cookie").stream()
                .filter(cookie -> cookie.startsWith("voter_id="))
                .map(cookie -> cookie.substring("voter_id=".length(), cookie.indexOf(';')))
                .findFirst()
                .orElseThrow();
    }

    /// Waits until the result page shows these counts for its options in their order.
    public void awaitVotes(int... expected) {
        List<Integer> wanted = IntStream.of(expected).boxed().toList();
        Await.until("the result shows " + wanted, () -> {
            JSONArray options = results().getJSONArray("options");
            return wanted.equals(IntStream.range(0, options.length())
                    .mapToObj(i -> options.getJSONObject(i).getInt("votes"))
                    .toList());
        });
    }

    /// The lines of stack traces in the log: a service that is attacked or cut off has none.
    public List<String> stackTraces() {
        return log.stream().filter(line -> line.contains("\tat ")).toList();
    }

    @Override
    public void close() {
        stack.close();
    }
}
