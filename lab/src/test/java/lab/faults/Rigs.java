package lab.faults;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import lab.stack.Service;
import lab.stack.TestSystem;
import redis.clients.jedis.Jedis;

/// What tests do to a rig between two runs.
final class Rigs {
    private Rigs() {}

    /// Back to the beginning: no votes, and nobody has seen any.
    static void forget(Rig rig) throws SQLException {
        for (String list : rig.stack.queue.lists()) {
            try (Jedis redis = rig.stack.connect(list)) {
                redis.flushAll();
            }
        }
        rig.stack.postgres.execute("TRUNCATE votes, seen");
    }

    /// Puts services with these flags in place of some of ours, and forgets all votes when the old ones are gone.
    ///
    /// @param changed settings that are other than they were
    static void replace(Rig rig, List<Service> services, List<String> flags, Map<String, String> changed)
            throws SQLException {
        List<String> all = new ArrayList<>(Rig.SMALL);
        all.addAll(flags);
        services.replaceAll(each -> TestSystem.replace(rig.stack, each, all, changed));
        forget(rig);
        services.forEach(Service::start);
        services.forEach(Service::awaitReady);
    }
}
