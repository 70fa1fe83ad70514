package lab.jvm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import lab.stack.Java;
import lab.stack.Service;

/// Makes what a service may be started from instead of its plain classes: archives of a training run, and a JDK cut
/// down to what it uses.
///
/// @param folder where they go
record Archives(Workload workload, Path folder) {
    /// What the Dockerfile has for the three services and their drivers, and `jdk.jfr` for the lab.
    private static final String MODULES = "java.logging,java.management,java.naming,java.security.jgss,java.sql,"
            + "jdk.httpserver,jdk.management,jdk.net,jdk.unsupported,jdk.jfr";

    /// An AOT cache (JEP 514): classes loaded and linked, and profiles. Good for the same JDK, collector family and
    /// header size only.
    Path aot(List<String> flags) throws Exception {
        return train(folder.resolve("service.aot"), "-XX:AOTCacheOutput=", flags);
    }

    /// A dynamic archive of the classes the service loads, on top of the JDK's own.
    Path cds(List<String> flags) throws Exception {
        return train(folder.resolve("service.jsa"), "-XX:ArchiveClassesAtExit=", flags);
    }

    /// The training run: start, a second of requests, end. The archive is written when the JVM exits.
    private Path train(Path archive, String option, List<String> flags) throws Exception {
        System.out.println("Training run for " + archive.getFileName() + " …");
        List<String> all = new ArrayList<>(flags);
        all.add(option + archive);
        Service service = workload.service(Java.LAUNCHER, all);
        service.start();
        service.awaitAnswer();
        service.awaitReady();
        workload.run(service, 200, 1);
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
        Java.tool("jlink", "--add-modules", MODULES, "--strip-debug", "--generate-cds-archive", "--output", image);
        return image.resolve("bin/java");
    }
}
