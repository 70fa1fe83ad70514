package lab.bench;

import common.SettingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import lab.load.Bed;
import lab.report.Machine;
import lab.report.Report;
import lab.stack.Service;
import lab.stack.Stack;

/// `./build.sh bench`: how fast the system is, beside what the machine can do at best and the original's way.
public final class Bench {
    static final Path FOLDER = Stack.root().resolve("target", "bench");
    private static final List<String> SUITES = List.of("vote", "worker", "result", "whole");
    private static final int BAD_USAGE = 2;

    private Bench() {}

    /// Returns the exit code.
    ///
    /// @param wanted which suites, or null: all
    /// @param against a checkout of another release, built; or null
    public static int run(List<String> wanted, boolean quick, boolean forced, Path against) throws Exception {
        List<String> suites = wanted == null ? SUITES : wanted;
        if (!SUITES.containsAll(suites)) {
            throw new SettingException(
                    "bench", "takes any of " + String.join(", ", SUITES) + ", not " + String.join(" ", wanted));
        }
        if (against != null && !suites.contains("whole")) {
            throw new SettingException("--against", "is for whole, which you did not ask for");
        }
        for (String service : against == null ? List.<String>of() : List.of("vote", "worker", "result")) {
            Path jar = Service.jar(against, service);
            if (Files.notExists(jar)) {
                throw new SettingException("--against", "takes a checkout that was built, and there is no " + jar);
            }
        }
        var report = new Report("Speed");
        String options = (quick ? "--quick" : "")
                + (forced ? " --force" : "")
                + (against == null ? "" : " --against " + against);
        if (!Machine.isFitFor(report, "bench", List.of(String.join(" ", suites), options), forced)) {
            return BAD_USAGE;
        }
        report.fact("Flags of the services", String.join(" ", Bed.FLAGS));
        for (String name : suites) {
            System.out.println("\n" + name);
            try (var bed = new Bed(FOLDER, _ -> {})) {
                Suite suite = switch (name) {
                    case "vote" -> new VoteBench();
                    case "worker" -> new WorkerBench();
                    case "result" -> new ResultBench();
                    default -> new WholeBench(against);
                };
                suite.run(name, quick ? Suite.Pace.QUICK : Suite.Pace.FULL, report, bed);
            } catch (IllegalStateException e) {
                System.err.println(e.getMessage());
                return 1;
            }
            report.write(FOLDER);
        }
        System.out.println(report.table());
        System.out.println("Written: " + FOLDER.resolve("report.html"));
        return 0;
    }
}
