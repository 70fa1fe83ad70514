package lab.jvm;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import lab.load.Bed;
import lab.load.Fork;
import lab.load.Load;
import lab.load.LoadResult;
import lab.stack.Service;

/// The load that a service gets in its normal life: votes for the voting page, questions for the result page, a queue
/// for the worker.
///
/// @param databasePort where the service finds PostgreSQL: that, or a slow wire to it
record Workload(String service, Bed bed, int databasePort) {
    private static final int CONNECTIONS = 64;

    /// @param rate requests a second, or 0: as many as the service can do
    LoadResult run(Service service, int rate, double seconds) throws Exception {
        if (this.service.equals("worker")) {
            return QueueLoad.run(bed, rate, seconds);
        }
        String request = this.service.equals("vote") ? "votes" : "GET /results";
        return Fork.result(new Load(service.port(), request, CONNECTIONS, rate, 0, seconds));
    }

    /// The service, not started yet.
    Service service(Path java, List<String> flags) {
        Map<String, String> settings = Map.of("PGPORT", Integer.toString(databasePort));
        return bed.stack.add(service, flags, settings).launchedBy(java);
    }

    /// Leaves each fork the same to begin with. Redis writes its log once a second here: the disk's noise is
    /// not what is compared.
    void reset() throws Exception {
        bed.emptyRedis("everysec");
        if (service.equals("worker")) {
            bed.stack.postgres.execute("DROP SCHEMA public CASCADE", "CREATE SCHEMA public");
        }
    }
}
