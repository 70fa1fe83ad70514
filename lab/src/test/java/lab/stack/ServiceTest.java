package lab.stack;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ServiceTest {
    private static final int OUT_OF_MEMORY = 3;

    /// Otherwise it would neither answer nor be started again.
    @Test
    void aServiceThatRunsOutOfMemoryEnds() throws Exception {
        String port = Integer.toString(Stack.freePort());
        String classes = System.getProperty("java.class.path");
        List<String> flags = List.of("-Xmx16m", "-cp", classes, Greedy.class.getName()); // whose argument is -jar
        try (var service = new Service("vote", Map.of("PORT", port), flags, _ -> {})) {
            service.start();
            assertEquals(OUT_OF_MEMORY, service.exitCode());
        }
    }

    /// Loses a thread to what it hoards, and stays up with another: for a minute only, so that the test ends.
    static final class Greedy {
        static void main() throws InterruptedException {
            Thread.ofPlatform().start(() -> {
                List<byte[]> hoard = new ArrayList<>();
                while (true) {
                    hoard.add(new byte[1 << 20]);
                }
            });
            Thread.sleep(60_000); // as a zombie
        }
    }
}
