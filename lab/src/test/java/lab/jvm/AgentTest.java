package lab.jvm;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import lab.stack.Service;
import lab.stack.TestSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.resps.Slowlog;

class AgentTest {
    /// Redis remembers what it was asked: how many messages the worker wants at once.
    @Test
    void theWorkerTakesTheBatchThatIsSaid(@TempDir Path folder) throws Exception {
        List<String> flags = List.of("-javaagent:" + JvmTest.agent(folder) + "=batch=7");
        try (var system = new TestSystem(Map.of(), flags, "worker")) {
            system.stack.startStores();
            try (Jedis redis = system.redis.connect()) {
                redis.configSet("slowlog-log-slower-than", "0");
            }
            system.stack.services().forEach(Service::start);
            system.stack.awaitReady();
            system.stack.push("{\"voter_id\":\"%032x\",\"vote\":\"a\"}".formatted(1));
            system.stack.awaitEmptyQueue();
            try (Jedis redis = system.redis.connect()) {
                List<String> asked = redis.slowlogGet(1000).stream()
                        .map(Slowlog::getArgs)
                        .filter(words -> words.getFirst().equalsIgnoreCase("EVAL") && words.size() == 10)
                        .map(words -> words.get(8)) // after the script, their number, and five keys
                        .toList();
                assertTrue(asked.contains("7") && !asked.contains("5000"), asked::toString);
            }
        }
    }
}
