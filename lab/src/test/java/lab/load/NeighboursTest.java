package lab.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
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
    void whatWeAndOurChildrenUseDisturbsNobody() throws Exception {
        List<ProcessHandle> all = ProcessHandle.allProcesses().toList();
        Process shell = shell("timeout 20 sh -c 'i=0; while [ $i -lt 500000 ]; do i=$((i+1)); done' & wait");
        while (shell.isAlive()) {
            assertEquals(0, Neighbours.Sample.take(all).others());
        }
        assertEquals(0, Neighbours.Sample.take(all).others());
    }
}
