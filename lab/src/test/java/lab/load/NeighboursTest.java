package lab.load;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import lab.stack.Await;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class NeighboursTest {
    private static final String WORK = "while :; do :; done";

    /// The shell that starts them ends at once: what it leaves is no child of ours any more.
    private static Process shell(String script) throws Exception {
        return new ProcessBuilder("sh", "-c", script).start();
    }

    @Test
    void aProgramThatIsNotOursDisturbs() throws Exception {
        var neighbours = new Neighbours(List.of());
        Process shell =
                shell("for i in 1 2 3 4; do timeout 20 sh -c '%s' > /dev/null 2>&1 & echo $!; done".formatted(WORK));
        List<ProcessHandle> strangers = shell.inputReader()
                .lines()
                .flatMap(pid -> ProcessHandle.of(Long.parseLong(pid)).stream())
                .toList();
        try {
            Await.until("they are seen", () -> neighbours.others > 0.1);

            assertTrue(neighbours.disturbance().startsWith("others took "));
        } finally {
            strangers.forEach(ProcessHandle::destroy); // timeout hands it on
        }
    }

    @Test
    void whatOurChildrenUseIsOursWhileTheyLiveAndAfterwards() throws Exception {
        double before = ours();
        Process shell = shell("timeout 20 sh -c 'i=0; while [ $i -lt 500000 ]; do i=$((i+1)); done' & wait");
        double used = 0;
        while (shell.isAlive()) {
            used = shell.descendants()
                    .map(ProcessHandle::info)
                    .flatMap(info -> info.totalCpuDuration().stream())
                    .mapToDouble(time -> time.toNanos() / 1e9)
                    .reduce(used, Math::max);
            double ours =
                    Neighbours.Sample.take(List.of(ProcessHandle.current())).ours();
            assertTrue(ours - before >= used - 0.05, "of " + used + " s only " + (ours - before));
        }
        assertTrue(used > 0.1, "it worked for " + used + " s");
        assertTrue(ours() - before >= used - 0.05, "of " + used + " s not all is seen any more");
    }

    private static double ours() {
        return Neighbours.Sample.take(List.of(ProcessHandle.current())).ours() / 100; // ticks of Linux
    }
}
