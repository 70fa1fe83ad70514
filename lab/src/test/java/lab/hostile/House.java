package lab.hostile;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import lab.stack.Await;
import lab.stack.Service;
import lab.stack.Stack;
import redis.clients.jedis.Jedis;

/// A running system under attack: what the tests of this folder need of it.
final class House implements AutoCloseable {
    final Stack stack;
    private final List<Service> more = new ArrayList<>();
    final Queue<String> log = new ConcurrentLinkedQueue<>();

    /// @param services which of vote, worker and result to start; each with these flags
    House(Path data, Map<String, String> settings, List<String> flags, String... services) {
        stack = new Stack(data, settings, log::add);
        for (String name : services) {
            stack.add(name, Stack.freePort(), flags);
        }
        stack.start();
        stack.awaitReady();
    }

    Service service(String name) {
        return stack.services().stream()
                .filter(service -> service.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    int port(String name) {
        return service(name).port();
    }

    /// One more service, with settings of its own.
    Service start(String name, Map<String, String> settings, List<String> flags) {
        var environment = new HashMap<>(settings);
        environment.put("PORT", Integer.toString(Stack.freePort()));
        environment.put("REDIS_HOST", "127.0.0.1");
        environment.put("REDIS_PORT", Integer.toString(stack.redis().port()));
        environment.put("PGHOST", "127.0.0.1");
        environment.put("PGPORT", Integer.toString(stack.postgres().port()));
        var service = new Service(name, environment, flags, log::add);
        more.add(service);
        service.start();
        Await.until(name + " is ready", () -> service.unready() == null);
        return service;
    }

    Jedis redis() {
        return new Jedis("127.0.0.1", stack.redis().port());
    }

    /// One number of a service's metrics, or 0 if it has none of this name.
    double metric(String service, String name) throws java.io.IOException {
        return RawClient.ask(port(service), RawClient.get("/metrics"))
                .body()
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
                .findFirst()
                .orElse(0);
    }

    @Override
    public void close() {
        more.forEach(Service::close);
        stack.close();
    }
}
