package lab.jvm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import common.SettingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import lab.stack.Stack;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class PlanTest {
    private static Plan plan(String... arguments) {
        return CommandLine.populateCommand(new Plan(), arguments).checked();
    }

    private static List<String> names(Plan plan) {
        return plan.variants.stream().map(Variant::name).toList();
    }

    @Test
    void withoutAnythingItComparesCollectorsOnTheVotingPage() {
        Plan plan = plan();

        assertEquals("gc", plan.set);
        assertEquals("vote", plan.service);
        assertEquals("live=60,burst=10", plan.stimulus);
    }

    @ParameterizedTest
    @ValueSource(strings = {"gc", "headers"})
    void whatKeepsVotersAliveHasRoomForThem(String set) throws Exception {
        for (Variant variant : Sets.of(plan(set), null)) {
            assertTrue(variant.flags().contains("-Xmx128m"), () -> variant + " ends for want of memory");
        }
    }

    @Test
    void everyOptionIsRead() {
        String all = "heap --service worker --rate 500 --seconds 3 --forks 4 --stimulus gc=5 --seed 9" + " --force";

        Plan plan = plan(all.split(" "));

        assertEquals("heap", plan.set);
        assertTrue(plan.forced);
        assertEquals(
                "worker: 2 s warm-up, 3 s at 500/s, 2 s saturation; 4 forks a variant, interleaved, seed 9; stimulus gc=5",
                plan.description());
    }

    @Test
    void quickIsShorterAndWhatIsSaidBesideItWins() {
        assertTrue(plan("--quick").seconds < plan().seconds);
        assertEquals(8, plan("--forks", "8", "--quick").forks);
    }

    @Test
    void theVariantCalledBaseIsTheBaseWhereverItStands() {
        Plan plan = plan("--variant", "zgc=-XX:+UseZGC -Xmx256m", "--variant", "base=");

        assertEquals(List.of("base", "zgc"), names(plan));
        assertEquals(List.of(), plan.variants.getFirst().flags());
        assertEquals(List.of("-XX:+UseZGC", "-Xmx256m"), plan.variants.get(1).flags());
    }

    @Test
    void aSingleVariantIsComparedWithAJvmWithoutFlags() {
        assertEquals(List.of("base", "xint"), names(plan("--variant", "xint=-Xint")));
    }

    @Test
    void amongOthersTheFirstIsTheBase() {
        assertEquals(List.of("a", "b"), names(plan("--variant", "a=-Xmx64m", "--variant", "b=-Xmx96m")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"base", "base again (A/A)", "a-b"})
    void noVariantHasTheNameOrTheFilesOfAnother(String name) {
        assertThrows(
                SettingException.class,
                () -> plan("--variant", "base=", "--variant", "a b=", "--variant", name + "=-Xint"));
    }

    /// Of collections, more or less is neither better nor worse; beside a base alone there is nothing that could be.
    @Test
    void aGuardNamesWhatCanBeWorse() {
        assertThrows(SettingException.class, () -> plan("--fail-on", "collections"));
        assertThrows(SettingException.class, () -> plan("--variant", "base=", "--fail-on", "throughput"));
    }

    @Test
    void noVariantIsAlwaysFirstOrAlwaysLast() {
        for (int count = 2; count <= 6; count++) {
            List<Integer> variants = IntStream.range(0, count).boxed().toList();
            for (int seed = 0; seed < 20; seed++) {
                for (int variant : variants) {
                    int places = 0;
                    for (int fork = 1; fork <= 4; fork++) { // of a quick run
                        places += Jvm.order(variants, seed, fork).indexOf(variant);
                    }
                    assertEquals(2 * (count - 1), places, "variant " + variant + " of " + count + ", seed " + seed);
                }
            }
        }
    }

    @Test
    void whatWasSavedRunsAgainFromItsOwnJarsAndIsTheBase(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("report.json"), """
                {"base": {"service": "vote", "stimulus": "gc=5", "variant": "-Xmx64m"},
                 "measures": [{"name": "throughput", "series": [
                    {"samples": [1, 2]}, {"samples": [3.5]}, {"samples": [9]}]}]}""");

        Plan plan = plan("--against", file.toString());

        List<Variant> variants = Sets.of(plan, null);
        String saved = "saved " + folder.getFileName();
        assertEquals(
                List.of(saved, saved + " again (A/A)", "now"),
                variants.stream().map(Variant::name).toList());
        assertTrue(variants.stream().allMatch(each -> each.flags().getFirst().equals("-Xmx64m")), variants::toString);
        assertTrue(variants.stream().allMatch(each -> each.flags().getLast().endsWith("=gc=5")), variants::toString);
        assertEquals(
                List.of(folder, folder, Stack.root()),
                variants.stream().map(plan::checkout).toList());
        assertEquals(List.of(1.0, 2.0, 3.5), plan.saved.samples("throughput"));
        assertEquals(List.of(), plan.saved.samples("start"));
    }

    @Test
    void anArchiveMustBeUsedOrTheJvmMustNotStart() {
        assertEquals(
                List.of("-XX:AOTCache=x.aot", "-XX:AOTMode=on"),
                Variant.of("aot=-XX:AOTCache=x.aot").strictFlags());
        assertEquals(
                List.of("-XX:SharedArchiveFile=x.jsa", "-Xshare:on"),
                Variant.of("cds=-XX:SharedArchiveFile=x.jsa").strictFlags());
        assertEquals(List.of("-Xint"), Variant.of("xint=-Xint").strictFlags());
    }
}
