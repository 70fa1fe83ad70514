package lab;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import lab.bench.Bench;
import lab.faults.Faults;
import lab.jvm.Jvm;

/// What `build.sh` calls: each command is a class of its own.
public final class Lab {
    private Lab() {}

    static void main(String[] args) throws Exception {
        Locale.setDefault(Locale.ROOT); // figures, JSON and SVG have a point in every country
        String command = args.length == 0 ? "" : args[0];
        List<String> rest = Arrays.asList(args).subList(Math.min(1, args.length), args.length);
        int exitCode = switch (command) {
            case "up" -> Up.run(rest);
            case "bench" -> Bench.run(rest);
            case "faults" -> Faults.run(rest);
            case "jvm" -> Jvm.run(rest);
            default -> {
                System.err.println("There is no command \"" + command + "\": see ./build.sh help.");
                yield 2;
            }
        };
        System.exit(exitCode);
    }
}
