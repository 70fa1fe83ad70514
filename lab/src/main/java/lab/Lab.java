package lab;

import common.Outage;
import common.SettingException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import lab.bench.Bench;
import lab.faults.Faults;
import lab.jvm.Jvm;
import lab.jvm.Plan;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;

/// What `build.sh` calls: a command is a method, with its arguments, which `help.properties` explains. What makes no
/// sense is refused in a sentence.
@Command(name = "./build.sh", resourceBundle = "lab.help")
public final class Lab {
    private static final int BAD_ARGUMENT = 2;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT)
    private boolean help;

    private Lab() {}

    static void main(String[] args) throws Exception {
        Locale.setDefault(Locale.ROOT); // figures and JSON have a point in every country
        boolean plain = Arrays.equals(args, new String[] {"up"}); // which need not wait 0.2 s for picocli
        System.exit(plain ? Up.run(false) : run(args));
    }

    /// Returns the exit code.
    public static int run(String... args) {
        return commands().execute(args);
    }

    static CommandLine commands() {
        return new CommandLine(new Lab())
                .setExpandAtFiles(false) // a variant may begin with an @
                .setUsageHelpWidth(100)
                .setParameterExceptionHandler((refused, _) -> refuse(refused.getCommandLine(), refused))
                .setExecutionExceptionHandler((e, command, _) -> {
                    if (e instanceof SettingException) {
                        return refuse(command, e);
                    }
                    if (e instanceof IllegalStateException || e instanceof IOException) {
                        System.err.println(Outage.reason(e));
                        return 1;
                    }
                    throw e;
                });
    }

    private static int refuse(CommandLine command, Exception refused) {
        String name = command.getCommandSpec().qualifiedName();
        System.err.printf("%s. See %s --help.%n", refused.getMessage().replaceFirst("\\.$", ""), name);
        return BAD_ARGUMENT;
    }

    @Command
    int up(@Option(names = "--fresh") boolean fresh) throws Exception {
        return Up.run(fresh);
    }

    @Command
    int faults(
            @Option(names = "--seconds", paramLabel = "N", defaultValue = "60") int seconds,
            @Option(names = "--seed", paramLabel = "S") Long seed,
            @Option(names = "--only", paramLabel = "PART", split = ",") List<String> only,
            @Option(names = "--cluster") boolean cluster)
            throws Exception {
        return Faults.run(seconds, seed, only, cluster);
    }

    @Command
    int bench(
            @Parameters(paramLabel = "WHAT", arity = "0..*") List<String> suites,
            @Option(names = "--quick") boolean quick,
            @Option(names = "--force") boolean forced,
            @Option(names = "--against", paramLabel = "CHECKOUT") Path against)
            throws Exception {
        return Bench.run(suites, quick, forced, against);
    }

    @Command
    int jvm(@Mixin Plan plan) throws Exception {
        return Jvm.run(plan);
    }
}
