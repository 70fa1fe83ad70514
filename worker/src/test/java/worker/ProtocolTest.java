package worker;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import worker.Protocol.Variant;

/// The worker's protocol keeps its promises in every state it can reach, and each part of it is needed.
class ProtocolTest {
    @Test
    void twoWorkersNeverLoseAVoteAndNeverStepBack() {
        assertNull(explored(Variant.RIGHT, 2, 8));
    }

    @Test
    void threeWorkersNeverLoseAVoteAndNeverStepBack() {
        assertNull(explored(Variant.RIGHT, 3, 8));
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "RIGHT")
    void withoutAnyPartOfItAPromiseIsBroken(Variant variant) {
        assertNotNull(explored(variant, 2, 5), "two workers");
        assertNotNull(explored(variant, 3, 5), "three workers");
    }

    private static String explored(Variant variant, int workers, int messages) {
        var finding = Protocol.explore(variant, workers, messages);
        return finding.broken();
    }
}
