package lab.jvm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import lab.load.Bed;
import lab.stack.Java;
import lab.stack.Service;

/// Makes what a service may be started from instead of its plain classes: archives of a training run, and a JDK cut
/// down to what it uses.
///
/// @param java of the JDK that they are for
/// @param folder where they go
record Archives(Workload workload, Path java, Path folder) {
    /// What the Dockerfile has for the three services and their drivers, and `jdk.jfr` for the lab.
    private static final String MODULES = "java.logging,java.management,java.naming,java.security.jgss,java.sql,"
            + "jdk.httpserver,jdk.management,jdk.net,jdk.unsupported,jdk.jfr";

    /// An AOT cache (JEP 514): classes loaded and linked, and profiles. Good for the same JDK, collector family and
    /// header size only.
    ///
    /// @param seconds of requests, as many as it can take
    Path aot(int seconds) throws Exception {
        return train(folder.resolve("trained-" + seconds + ".aot"), "-XX:AOTCacheOutput=", seconds);
    }

    /// A dynamic archive of the classes the service loads, on top of the JDK's own.
    Path cds() throws Exception {
        return train(folder.resolve("service.jsa"), "-XX:ArchiveClassesAtExit=", 1);
    }

    /// The training run: start, requests, end. The archive is written when the JVM exits.
    private Path train(Path archive, String option, int seconds) throws Exception {
        System.out.println("Training run for " + archive.getFileName() + " …");
        List<String> flags = new ArrayList<>(Bed.FLAGS);
        flags.add(option + archive);
        Service service = workload.service(java, flags);
        service.start();
        service.awaitAnswer();
        service.awaitReady();
        if (seconds > 0) {
            workload.run(service, 0, seconds);
        }
        service.process().destroy(); // and takes the time that writing takes
        service.process().onExit().join();
        if (!Files.exists(archive)) {
            throw new IllegalStateException("The training run left no " + archive.getFileName() + ": see services.log");
        }
        return archive;
    }

    /// The launcher of an image made with jlink.
    Path image() throws IOException, InterruptedException {
        System.out.println("Linking an image …");
        Path image = folder.resolve("image");
        Java.tool(
                java.resolveSibling("jlink").toString(),
                "--add-modules",
                MODULES,
                "--strip-debug",
                "--generate-cds-archive",
                "--output",
                image);
        return image.resolve("bin/java");
    }
}
