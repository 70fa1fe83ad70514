package lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import lab.stack.Stack;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What the lab's commands say to those who call them wrongly, or ask.
class LabTest {
    private static String said(int exitCode, String arguments) {
        PrintStream out = System.out;
        PrintStream err = System.err;
        var said = new ByteArrayOutputStream();
        System.setOut(new PrintStream(said, true));
        System.setErr(new PrintStream(said, true));
        try {
            assertEquals(exitCode, Lab.run(arguments.split(" ")), arguments);
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
        return said.toString();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "up now; Unmatched argument at index 1: 'now'. See ./build.sh up --help.",
                "faults --seconds 0; --seconds takes a whole number, 1 or more, not 0. See ./build.sh faults --help.",
                "faults --seconds x; Invalid value for option '--seconds': 'x' is not an int. See ./build.sh faults --help.",
                "faults --seconds; Missing required parameter for option '--seconds' (N). See ./build.sh faults --help.",
                "faults --only moon; --only takes any of vote, worker, result, redis, postgresql, network, queue, not moon."
                        + " See ./build.sh faults --help.",
                "faults --fast; Unknown option: '--fast'. See ./build.sh faults --help.",
                "bench moon; bench takes any of vote, worker, result, whole, not moon. See ./build.sh bench --help.",
                "bench --against moon; --against takes a checkout that was built, and there is no moon/vote/target/vote.jar."
                        + " See ./build.sh bench --help.",
                "jvm gc heap; Unmatched argument at index 2: 'heap'. See ./build.sh jvm --help.",
                "jvm gcc; The set is one of gc, heap, headers, threads, start, aot, batch, not gcc. See ./build.sh jvm --help.",
                "jvm gc --variant a=; --variant is for variants of your own, beside which there is no set. See ./build.sh jvm"
                        + " --help.",
                "jvm --variant a= --variant a=-Xint; --variant has a name twice, as far as letters and digits tell. See ./build.sh jvm --help.",
                "jvm --variant -Xint; --variant is written NAME=FLAGS, not -Xint. See ./build.sh jvm --help.",
                "jvm --fail-on speed; --fail-on is one of throughput, p50, p99, p99.9, rate, errors, cpu, start, memory, heap,"
                        + " allocated, pauses, pause, stalls, stall, failures, safepoints, safepoint, reaching,"
                        + " throttled, not speed. See ./build.sh jvm --help.",
                "jvm --against moon; --against takes a name that --save has given, or a run's report.json, not moon. See ./build.sh"
                        + " jvm --help.",
                "jvm --save a --against b; --save is for a run without --against. See ./build.sh jvm --help.",
                "jvm --save ../a; --save takes a name of letters, digits and dashes, not ../a. See ./build.sh jvm --help.",
                "jvm --java /moon; The JDK must be a folder with bin/java and a file \"release\", not /moon. See ./build.sh"
                        + " jvm --help.",
                "jvm --forks 2; --forks takes a whole number from 3 to 1,000, not 2. See ./build.sh jvm --help.",
                "jvm --rate 2000000000; --rate takes a whole number from 1 to 100,000, not 2,000,000,000. See ./build.sh jvm --help.",
                "jvm batch; The set batch is about the worker: say --service worker. See ./build.sh jvm --help.",
                "jvm threads --service worker; The set threads is about a page. See ./build.sh jvm --help.",
                "jvm --variant none=cpus:0; --variant has limits like cpus:0.5 and memory:128m, not cpus:0. See ./build.sh jvm"
                        + " --help.",
                "bench vote --against moon; --against is for whole, which you did not ask for. See ./build.sh bench --help.",
                "faults --cluster --only network; --only leaves nothing to strike here: network. See ./build.sh faults --help.",
                "jvm --service db; --service is one of vote, worker, result, not db. See ./build.sh jvm --help.",
                "jvm --stimulus live=lots; --stimulus takes live=MB,burst=MB,gc=SECONDS, any of these, or none, not live=lots."
                        + " See ./build.sh jvm --help.",
                "jvm --save a --variant base=-XX:AOTCache=x; --save needs a base without an archive, which would not fit"
                        + " the copy of the service that runs again. See ./build.sh jvm --help."
            })
    void whatMakesNoSenseIsRefusedInASentence(String arguments, String sentence) {
        assertEquals(sentence, said(2, arguments).strip());
    }

    @Test
    void theHelpNamesEachSet() throws IOException {
        String door = Files.readString(Stack.root().resolve("build.sh"));

        assertTrue(door.contains("a set (gc, heap, headers, threads, start, aot, batch)"), "./build.sh help");
        String help = said(0, "jvm --help").replaceAll("\\s+", " ");
        assertTrue(help.contains("gc (if nothing is said), heap, headers, threads, start, aot, batch"), help);
    }

    @ParameterizedTest
    @ValueSource(strings = {"up", "faults", "bench", "jvm"})
    void eachCommandHasHelpAndDoesNothingElseThen(String command) {
        String help = said(0, command + " --help");

        assertTrue(help.startsWith("Usage: ./build.sh " + command + " "), help);
    }
}
