package common;

import java.lang.management.ManagementFactory;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/// The numbers of a service, [as Prometheus reads them](https://prometheus.io/docs/instrumenting/exposition_formats/).
/// A name that ends in `_total` is a counter's, and any may carry labels: `http_responses_total{code="200"}`.
public final class Metrics {
    private final Map<String, LongSupplier> values = new ConcurrentSkipListMap<>();
    private final Map<String, LongAdder> counters = new ConcurrentHashMap<>();

    public Metrics() {
        var heap = ManagementFactory.getMemoryMXBean();
        values.put("jvm_heap_used_bytes", () -> heap.getHeapMemoryUsage().getUsed());
        for (var gc : ManagementFactory.getGarbageCollectorMXBeans()) {
            String label = "{collector=\"" + gc.getName() + "\"}";
            values.put("jvm_gc_collections_total" + label, gc::getCollectionCount);
            values.put("jvm_gc_milliseconds_total" + label, gc::getCollectionTime);
        }
    }

    /// The number of this name, which only grows.
    public LongAdder counter(String name) {
        return counters.computeIfAbsent(name, _ -> {
            var counter = new LongAdder();
            values.put(name, counter::sum);
            return counter;
        });
    }

    /// A number that is asked for whenever somebody looks.
    public void gauge(String name, LongSupplier value) {
        values.put(name, value);
    }

    String text() {
        var text = new StringBuilder();
        String last = "";
        for (var value : values.entrySet()) {
            String name = value.getKey().replaceFirst("\\{.*", "");
            if (!name.equals(last)) {
                text.append("# TYPE %s %s\n".formatted(name, name.endsWith("_total") ? "counter" : "gauge"));
                last = name;
            }
            text.append("%s %d\n".formatted(value.getKey(), value.getValue().getAsLong()));
        }
        return text.toString();
    }
}
