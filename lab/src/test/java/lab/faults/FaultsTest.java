package lab.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FaultsTest {
    @ParameterizedTest
    @ValueSource(strings = {"--seconds 0", "--seconds -5", "--seconds x", "--seconds", "--only moon", "--fast 1"})
    void whatMakesNoSenseIsRefused(String arguments) throws Exception {
        assertEquals(2, Faults.run(List.of(arguments.split(" "))));
    }
}
