package common;

import java.lang.management.ManagementFactory;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/// The numbers of one service, as Prometheus reads them:
/// https://prometheus.io/docs/instrumenting/exposition_formats/.
/// A name may carry labels: `http_responses_total{code="200"}`.
public final class Metrics {
    private record Metric(String type, String help, LongSupplier value) {}

    private final Map<String, Metric> metrics = new ConcurrentSkipListMap<>();
    private final Map<Integer, LongAdder> responses = new ConcurrentHashMap<>();

    public Metrics() {
        var heap = ManagementFactory.getMemoryMXBean();
        gauge(
                "jvm_heap_used_bytes",
                "Heap in use",
                () -> heap.getHeapMemoryUsage().getUsed());
        for (var gc : ManagementFactory.getGarbageCollectorMXBeans()) {
            String label = "{collector=\"" + gc.getName() + "\"}";
            register("jvm_gc_collections_total" + label, "counter", "Collections", gc::getCollectionCount);
            register("jvm_gc_milliseconds_total" + label, "counter", "Time in collections", gc::getCollectionTime);
        }
    }

    /// A number that only grows.
    public LongAdder counter(String name, String help) {
        var adder = new LongAdder();
        register(name, "counter", help, adder::sum);
        return adder;
    }

    /// A number that is asked for whenever somebody looks.
    public void gauge(String name, String help, LongSupplier value) {
        register(name, "gauge", help, value);
    }

    void response(int status) {
        responses
                .computeIfAbsent(
                        status, code -> counter("http_responses_total{code=\"" + code + "\"}", "HTTP responses"))
                .increment();
    }

    private void register(String name, String type, String help, LongSupplier value) {
        metrics.put(name, new Metric(type, help, value));
    }

    String text() {
        var text = new StringBuilder();
        String family = "";
        for (var entry : metrics.entrySet()) {
            Metric metric = entry.getValue();
            String name = entry.getKey().replaceFirst("\\{.*", "");
            if (!name.equals(family)) {
                family = name;
                text.append("# HELP %s %s\n# TYPE %s %s\n".formatted(name, metric.help(), name, metric.type()));
            }
            text.append(entry.getKey())
                    .append(' ')
                    .append(metric.value().getAsLong())
                    .append('\n');
        }
        return text.toString();
    }
}
