package lab.jvm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PlanTest {
    private static List<String> names(Plan plan) {
        return plan.variants().stream().map(Variant::name).toList();
    }

    @Test
    void withoutAnythingItComparesCollectorsOnTheVotingPage() {
        Plan plan = Plan.of(List.of());

        assertEquals("gc", plan.set());
        assertEquals("vote", plan.service());
        assertEquals("live=60,burst=10", plan.stimulus());
    }

    @ParameterizedTest
    @ValueSource(strings = {"gc", "headers"})
    void whatKeepsVotersAliveHasRoomForThem(String set) throws Exception {
        for (Variant variant : Sets.of(Plan.of(List.of(set)), null)) {
            assertTrue(variant.flags().contains("-Xmx128m"), () -> variant + " ends for want of memory");
        }
    }

    @Test
    void everyOptionIsRead() {
        String all =
                "heap --service worker --rate 500 --seconds 3 --forks 4 --stimulus gc=5 --slow-database 20 --seed 9"
                        + " --force";

        Plan plan = Plan.of(List.of(all.split(" ")));

        assertEquals(new Plan("heap", List.of(), "worker", 500, 3, 4, "gc=5", 20, 9, true), plan);
    }

    @Test
    void quickIsShorterAndWhatIsSaidBesideItWins() {
        assertTrue(Plan.of(List.of("--quick")).seconds() < Plan.of(List.of()).seconds());
        assertEquals(8, Plan.of(List.of("--forks", "8", "--quick")).forks());
    }

    @Test
    void theVariantCalledBaseIsTheBaseWhereverItStands() {
        Plan plan = Plan.of(List.of("--variant", "zgc=-XX:+UseZGC -Xmx256m", "--variant", "base="));

        assertEquals(List.of("base", "zgc"), names(plan));
        assertEquals(List.of(), plan.variants().getFirst().flags());
        assertEquals(List.of("-XX:+UseZGC", "-Xmx256m"), plan.variants().get(1).flags());
    }

    @Test
    void aSingleVariantIsComparedWithAJvmWithoutFlags() {
        assertEquals(List.of("base", "xint"), names(Plan.of(List.of("--variant", "xint=-Xint"))));
    }

    @Test
    void amongOthersTheFirstIsTheBase() {
        assertEquals(List.of("a", "b"), names(Plan.of(List.of("--variant", "a=-Xmx64m", "--variant", "b=-Xmx96m"))));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "--forks 2; --forks takes a whole number, 3 or more, not: 2",
                "--rate fast; --rate takes a whole number, 1 or more, not: fast",
                "--seconds; --seconds needs a value.",
                "--service db; --service is one of vote, worker, result, not: db",
                "gcc; The set is one of gc, heap, headers, threads, start, server, not: gcc",
                "--variant -Xint; A variant is written NAME=FLAGS, not: -Xint",
                "gc --variant a=; Either a set or variants of your own, not both.",
                "--variant a= --variant a=-Xint; Two variants have the same name.",
                "--slow-database 5; vote uses no database: --slow-database is for worker and result."
            })
    void whatMakesNoSenseIsRefusedInASentence(String arguments, String sentence) {
        var refused = assertThrows(IllegalArgumentException.class, () -> Plan.of(List.of(arguments.split(" "))));

        assertEquals(sentence, refused.getMessage());
    }

    @Test
    void anArchiveMustBeUsedOrTheJvmMustNotStart() {
        assertEquals(
                List.of("-XX:AOTCache=x.aot", "-XX:AOTMode=on"),
                Variant.of("aot", "-XX:AOTCache=x.aot").strictFlags());
        assertEquals(
                List.of("-XX:SharedArchiveFile=x.jsa", "-Xshare:on"),
                Variant.of("cds", "-XX:SharedArchiveFile=x.jsa").strictFlags());
        assertEquals(List.of("-Xint"), Variant.of("xint", "-Xint").strictFlags());
    }
}
