package lab.jvm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import common.SettingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import lab.load.Cgroup;
import lab.stack.Java;
import lab.stack.Service;
import lab.stack.Stack;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a variant may be beside flags: another JDK, and a container.
class VariantTest {
    @TempDir
    private Path folder;

    private static Service page(Path java, List<String> flags) {
        Map<String, String> settings = Map.of(
                "PORT", Integer.toString(Stack.freePort()),
                "REDIS_HOST", "127.0.0.1",
                "REDIS_PORT", Integer.toString(Stack.freePort()));
        return new Service("vote", settings, flags, _ -> {}).launchedBy(java);
    }

    @Test
    void anotherJdkRunsIt() throws Exception {
        Path home = Files.createSymbolicLink(folder.resolve("jdk"), Path.of(System.getProperty("java.home")));
        var variant = Variant.of("other=@" + home + " -Xmx64m");
        assertEquals(List.of("-Xmx64m"), variant.flags());
        try (var service = page(variant.java(), variant.flags())) {
            service.start();
            service.awaitAnswer();

            assertTrue(service.process().info().command().orElse("").endsWith("/bin/java"));
            String flags = Java.tool("jcmd", service.process().pid(), "VM.flags");
            assertTrue(flags.contains("-XX:MaxHeapSize=67108864 "), flags);
        }
    }

    private String refusal(String variant) {
        return assertThrows(SettingException.class, () -> Variant.of(variant)).getMessage();
    }

    @Test
    void aJdkThatIsTooOldOrNoneIsRefusedInASentence() throws Exception {
        Path java = Files.createDirectories(folder.resolve("bin")).resolve("java");
        Files.createFile(java).toFile().setExecutable(true);
        assertEquals(
                "The JDK must be a folder with bin/java and a file \"release\", not " + folder,
                refusal("x=@" + folder));

        Files.writeString(folder.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"21.0.7\"\n");
        assertEquals("The JDK must be 25 or later, not 21 (%s)".formatted(folder), refusal("x=@" + folder));
    }

    @Test
    void aLimitThatIsNoneIsRefusedInASentence() {
        assertEquals("--variant has limits like cpus:0.5 and memory:128m, not cpu:half", refusal("x=cpu:half"));
    }

    @Test
    void aJvmSeesTheLimitsOfItsContainerAndWaitsWhenItHasUsedThemUp() throws Exception {
        var variant = Variant.of("half=cpus:0.5 memory:1g");
        Cgroup made;
        try {
            made = new Cgroup(variant.limits());
        } catch (SettingException e) { // nobody may make one here, and whoever asks hears why
            assertTrue(
                    e.getMessage().matches("cpus:0.5 memory:1g needs a cgroup, .*: run this as root.*"),
                    e.getMessage());
            return;
        }
        Path script;
        try (Cgroup limits = made;
                Service service =
                        page(script = limits.launcher(variant.java(), folder.resolve("half.sh")), List.of())) {
            service.start();
            service.awaitAnswer();

            String flags = Java.tool("jcmd", service.process().pid(), "VM.flags"); // of one processor and 1 GB
            assertTrue(flags.contains("-XX:MaxHeapSize=268435456 ") && flags.contains("-XX:+UseSerialGC"), flags);
            assertTrue(limits.throttledMillis() > 0);
        }
        for (String line : Files.readAllLines(script)) {
            String group = line.replaceFirst("echo \\$\\$ > (.*)/cgroup.procs.*", "$1");
            assertTrue(group.equals(line) || Files.notExists(Path.of(group)), () -> group + " is still there");
        }
    }

    @Test
    void withoutLimitsNothingStandsBetween() throws Exception {
        try (var none = new Cgroup(List.of())) {
            assertEquals(Java.LAUNCHER, none.launcher(Java.LAUNCHER, folder.resolve("none.sh")));
        }
    }
}
