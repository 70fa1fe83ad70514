package lab.load;

import common.SettingException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// A control group of Linux, version 2 or 1, which limits the processors and the memory of what runs in it: to a JVM,
/// this is a container. There is one at a time, and it is gone when closed.
public final class Cgroup implements AutoCloseable {
    private static final Path ROOT = Path.of("/sys/fs/cgroup");
    private static final boolean UNIFIED = Files.exists(ROOT.resolve("cgroup.controllers")); // version 2
    private static final String NAME = "voting-lab-" + ProcessHandle.current().pid();
    private static final Path CPU = ROOT.resolve(UNIFIED ? "." : "cpu", NAME);
    private static final Path MEMORY = ROOT.resolve(UNIFIED ? "." : "memory", NAME);
    private static final String QUOTA = UNIFIED ? "cpu.max" : "cpu.cfs_quota_us";
    private static final double PERIOD_MICROS = 100_000; // what the kernel begins with

    private final boolean limited;

    /// @param limits `cpus:0.5`, `memory:128m`, both, or none: then there is no group
    /// @throws SettingException where the system lets nobody make one, or not us
    public Cgroup(List<String> limits) {
        limited = !limits.isEmpty();
        try {
            for (String limit : limits) {
                if (UNIFIED) {
                    Files.writeString(ROOT.resolve("cgroup.subtree_control"), "+cpu +memory");
                }
                Files.createDirectories(CPU);
                Files.createDirectories(MEMORY);
                String value = limit.substring(limit.indexOf(':') + 1);
                if (limit.startsWith("memory:")) {
                    Files.writeString(MEMORY.resolve(UNIFIED ? "memory.max" : "memory.limit_in_bytes"), value);
                } else {
                    long micros = Math.round(Double.parseDouble(value) * PERIOD_MICROS);
                    Files.writeString(CPU.resolve(QUOTA), Long.toString(micros));
                }
            }
        } catch (IOException e) {
            close();
            throw new SettingException(
                    String.join(" ", limits),
                    "needs a cgroup, which cannot be made here (%s): run this as root on Linux, outside of a container"
                            .formatted(e));
        }
    }

    /// What starts a program within these limits: a script, or the program itself if there are none.
    public Path launcher(Path program, Path script) throws IOException {
        if (!limited) {
            return program;
        }
        String join = "echo $$ > %s/cgroup.procs || exit\n";
        Files.writeString(script, ("#!/bin/sh\n" + join + join + "exec '%s' \"$@\"\n").formatted(CPU, MEMORY, program));
        script.toFile().setExecutable(true);
        return script;
    }

    /// For how long threads in it had to wait so far, because all processor time was used up.
    public double throttledMillis() {
        return UNIFIED ? stat(CPU, "throttled_usec") / 1e3 : stat(CPU, "throttled_time") / 1e6;
    }

    /// How often the container that the lab runs in had to wait so far.
    static long timesThrottled() {
        return stat(CPU.getParent(), "nr_throttled");
    }

    /// What that container may use of the processors, as the kernel writes it, or nothing if there is no limit.
    public static String quota() {
        return text(CPU.resolveSibling(QUOTA).toString()).replaceFirst("^(max|-1).*", "");
    }

    private static long stat(Path group, String name) {
        return text(group + "/cpu.stat")
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

    @Override
    public void close() {
        CPU.toFile().delete();
        MEMORY.toFile().delete();
    }
}
