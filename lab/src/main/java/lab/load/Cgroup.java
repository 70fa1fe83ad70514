package lab.load;

import common.SettingException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// A control group of Linux, version 2 or 1, which limits the processors and the memory of what runs in it: to a JVM,
/// this is a container. It is gone when closed.
public final class Cgroup implements AutoCloseable {
    private static final Path ROOT = Path.of("/sys/fs/cgroup");
    private static final boolean UNIFIED = Files.exists(ROOT.resolve("cgroup.controllers")); // version 2
    private static final double PERIOD_MICROS = 100_000; // what the kernel begins with

    private final List<Path> folders;

    /// @param limits `cpus:0.5`, `memory:128m` or both
    /// @throws SettingException where the system lets nobody make one, or not us
    public Cgroup(List<String> limits) {
        String name = "voting-lab-" + ProcessHandle.current().pid();
        folders = limits.isEmpty()
                ? List.of()
                : UNIFIED
                        ? List.of(ROOT.resolve(name))
                        : List.of(
                                ROOT.resolve("cpu").resolve(name),
                                ROOT.resolve("memory").resolve(name));
        try {
            if (UNIFIED && !limits.isEmpty()) {
                Files.writeString(ROOT.resolve("cgroup.subtree_control"), "+cpu +memory");
            }
            for (Path folder : folders) {
                Files.createDirectory(folder);
            }
            for (String limit : limits) {
                String value = limit.substring(limit.indexOf(':') + 1);
                Path file = limit.startsWith("memory:")
                        ? folders.getLast().resolve(UNIFIED ? "memory.max" : "memory.limit_in_bytes")
                        : folders.getFirst().resolve(UNIFIED ? "cpu.max" : "cpu.cfs_quota_us");
                boolean bytes = limit.startsWith("memory:");
                Files.writeString(file, bytes ? value : "" + Math.round(Double.parseDouble(value) * PERIOD_MICROS));
            }
        } catch (IOException e) {
            close();
            throw new SettingException(
                    String.join(" ", limits),
                    "needs a cgroup, which cannot be made here (%s): run this as root on Linux, outside of a container"
                            .formatted(e));
        }
    }

    /// Makes a script, if there are limits, that starts a program within these limits, so that it finds them when it
    /// looks.
    public Path launcher(Path program, Path script) throws IOException {
        if (folders.isEmpty()) {
            return program;
        }
        var lines = new StringBuilder("#!/bin/sh\n");
        folders.forEach(folder -> lines.append("echo $$ > %s/cgroup.procs || exit\n".formatted(folder)));
        Files.writeString(script, lines + "exec '" + program + "' \"$@\"\n");
        script.toFile().setExecutable(true);
        return script;
    }

    /// For how long what runs in it had to wait so far, because it had used up its processors.
    public double throttledMillis() {
        return folders.isEmpty()
                ? 0
                : number(folders.getFirst(), "throttled_usec") / 1e3
                        + number(folders.getFirst(), "throttled_time") / 1e6;
    }

    /// How often the group that the lab itself runs in had to wait so far; 0 where there is none.
    public static long timesThrottled() {
        return number(own(), "nr_throttled");
    }

    /// What that group may use of the processors, as the kernel writes it, or nothing if there is no limit.
    public static String quota() {
        String quota = text(own().resolve(UNIFIED ? "cpu.max" : "cpu.cfs_quota_us"));
        return quota.startsWith("max") || quota.startsWith("-1") ? "" : quota;
    }

    private static Path own() {
        return text(Path.of("/proc/self/cgroup"))
                .lines()
                .filter(line -> line.matches(UNIFIED ? "0::.*" : "\\d+:(.*,)?cpu(,.*)?:.*"))
                .map(line -> folder(line.replaceFirst(".*?:.*?:/", "")))
                .findFirst()
                .orElse(ROOT);
    }

    /// In a container the path may be that outside of it, which is not there.
    private static Path folder(String path) {
        Path root = UNIFIED ? ROOT : ROOT.resolve("cpu");
        return Files.exists(root.resolve(path)) ? root.resolve(path) : root;
    }

    private static long number(Path folder, String name) {
        return text(folder.resolve("cpu.stat"))
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToLong(line -> Long.parseLong(line.substring(name.length() + 1)))
                .sum();
    }

    /// What a file of the kernel says, or nothing if there is none.
    public static String text(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException _) {
            return "";
        }
    }

    @Override
    public void close() {
        folders.forEach(folder -> folder.toFile().delete());
    }
}
