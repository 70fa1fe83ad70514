package lab.load;

import common.SettingException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/// A control group of Linux, version 2 or 1, which limits the processors and the memory of what runs in it: to a JVM,
/// this is a container. There is one at a time, and it is gone when closed.
public final class Cgroup implements AutoCloseable {
    private static final Path ROOT = Path.of("/sys/fs/cgroup");
    private static final boolean UNIFIED = Files.exists(ROOT.resolve("cgroup.controllers")); // version 2
    private static final String NAME = "voting-lab-" + ProcessHandle.current().pid();
    private static final Path CPU = UNIFIED ? ROOT : ROOT.resolve("cpu");
    private static final Path MEMORY = UNIFIED ? ROOT : ROOT.resolve("memory");
    private static final double PERIOD_MICROS = 100_000; // what the kernel begins with

    private final boolean limited;

    /// @param limits `cpus:0.5`, `memory:128m`, both, or none: then there is no group
    /// @throws SettingException where the system lets nobody make one, or not us
    public Cgroup(List<String> limits) {
        limited = !limits.isEmpty();
        if (!limited) {
            return;
        }
        try {
            if (UNIFIED) {
                Files.writeString(ROOT.resolve("cgroup.subtree_control"), "+cpu +memory");
            }
            for (Path folder : folders()) {
                Files.createDirectory(folder);
            }
            for (String limit : limits) {
                String value = limit.substring(limit.indexOf(':') + 1);
                if (limit.startsWith("memory:")) {
                    String file = UNIFIED ? "memory.max" : "memory.limit_in_bytes";
                    Files.writeString(MEMORY.resolve(NAME, file), value);
                } else {
                    String file = UNIFIED ? "cpu.max" : "cpu.cfs_quota_us";
                    long micros = Math.round(Double.parseDouble(value) * PERIOD_MICROS);
                    Files.writeString(CPU.resolve(NAME, file), Long.toString(micros));
                }
            }
        } catch (IOException e) {
            remove();
            throw new SettingException(
                    String.join(" ", limits),
                    "needs a cgroup, which cannot be made here (%s): run this as root on Linux, outside of a container"
                            .formatted(e));
        }
    }

    private static Set<Path> folders() {
        return UNIFIED ? Set.of(CPU.resolve(NAME)) : Set.of(CPU.resolve(NAME), MEMORY.resolve(NAME));
    }

    /// What starts a program within these limits, so that it finds them when it looks: a script, or the program itself
    /// if there are none.
    public Path launcher(Path program, Path script) throws IOException {
        if (!limited) {
            return program;
        }
        var lines = new StringBuilder("#!/bin/sh\n");
        folders().forEach(folder -> lines.append("echo $$ > %s/cgroup.procs || exit\n".formatted(folder)));
        Files.writeString(script, lines + "exec '" + program + "' \"$@\"\n");
        script.toFile().setExecutable(true);
        return script;
    }

    /// For how long threads in it had to wait so far, because all processor time was used up.
    public double throttledMillis() {
        return stat(CPU.resolve(NAME), UNIFIED ? "throttled_usec" : "throttled_time") / (UNIFIED ? 1e3 : 1e6);
    }

    /// How often the group that the lab itself runs in had to wait so far.
    public static long timesThrottled() {
        return stat(own(), "nr_throttled");
    }

    /// What that group may use of the processors, as the kernel writes it, or nothing if there is no limit.
    public static String quota() {
        String quota = text(own() + (UNIFIED ? "/cpu.max" : "/cpu.cfs_quota_us"));
        return quota.startsWith("max") || quota.startsWith("-1") ? "" : quota;
    }

    /// In a container its path may be that outside of it, which is not there.
    private static Path own() {
        String line = UNIFIED ? "(?s)(?:.*\n)?0::/(.*)" : "(?s)(?:.*\n)?\\d+:(?:[a-z]+,)*cpu(?:,[a-z]+)*:/([^\n]*).*";
        Path own = CPU.resolve(text("/proc/self/cgroup").replaceFirst(line, "$1"));
        return Files.exists(own) ? own : CPU;
    }

    private static long stat(Path folder, String name) {
        return text(folder + "/cpu.stat")
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToLong(line -> Long.parseLong(line.substring(name.length() + 1)))
                .sum();
    }

    /// What a file of the kernel says, or nothing if there is none.
    public static String text(String file) {
        try {
            return Files.readString(Path.of(file)).strip();
        } catch (IOException _) {
            return "";
        }
    }

    static void remove() {
        folders().forEach(folder -> folder.toFile().delete());
    }

    @Override
    public void close() {
        remove();
    }
}
