package lab.jvm;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import lab.load.Bed;
import lab.load.Fork;
import lab.load.Load;
import lab.load.LoadResult;
import lab.stack.Service;

/// The load of a service in its normal life: votes for the voting page, looks at the result page, the worker's queue.
record Workload(Plan plan, Bed bed, Path folder) {
    private static final int CONNECTIONS = 64;

    /// @param rate requests a second, or 0: as many as the service can do
    LoadResult run(Service service, int rate, double seconds) throws Exception {
        if (plan.service.equals("worker")) {
            return QueueLoad.run(bed, rate, seconds);
        }
        String request = plan.service.equals("vote") ? "votes" : "GET /results";
        return Fork.result(new Load(service.port(), request, CONNECTIONS, rate, 0, seconds));
    }

    /// Leaves each fork the same to begin with. Redis writes its log once a second: the disk's noise is not compared.
    void reset() throws Exception {
        bed.emptyRedis("everysec");
        if (plan.service.equals("worker")) {
            bed.stack.postgres.execute("DROP SCHEMA public CASCADE", "CREATE SCHEMA public");
        }
    }

    /// Makes an archive that a service may start from, by a training run: start, requests, end. It is good for the same
    /// JDK, collector family and header size only.
    ///
    /// @param option of the JVM that writes it when it exits
    /// @param seconds of requests, as many as it can take
    Path train(String option, String name, int seconds) throws Exception {
        System.out.println("Training run for " + name + " …");
        Path archive = folder.resolve(name);
        List<String> flags = new ArrayList<>(Bed.FLAGS);
        flags.add(option + archive);
        Service service = bed.stack.add(plan.service, flags, Map.of()).launchedBy(plan.java());
        service.start();
        service.awaitAnswer();
        service.awaitReady();
        if (seconds > 0) {
            run(service, 0, seconds);
        }
        service.process().destroy(); // and takes the time that writing takes
        service.process().onExit().join();
        if (!Files.exists(archive)) {
            throw new IllegalStateException("The training run left no " + name + ": see services.log");
        }
        return archive;
    }
}
