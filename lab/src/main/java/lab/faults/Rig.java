package lab.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import lab.stack.ClusterStack;
import lab.stack.Server;
import lab.stack.Service;
import lab.stack.Stack;

/// The real system with two voting pages and a wire that can be cut between each service and each store. An observer in
/// the database notes each version of each row of `votes`.
final class Rig implements AutoCloseable {
    /// As many options as there can be, so that the votes of one voter can rise for long.
    private static final Map<String, String> SETTINGS =
            Map.of("OPTIONS", "A,B,C,D,E,F,G,H,I,J,K,L,M,N,O,P,Q,R,S,T,U,V,W,X,Y,Z");

    static final List<String> SMALL = List.of("-Xmx64m", "-XX:+UseSerialGC");

    private static final String OBSERVER = """
            CREATE TABLE seen (serial BIGSERIAL, id VARCHAR(255), vote VARCHAR(255));
            CREATE FUNCTION observe() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
              INSERT INTO seen (id, vote) VALUES (NEW.id, NEW.vote);
              RETURN NULL;
            END $$;
            CREATE TRIGGER observe AFTER INSERT OR UPDATE ON votes FOR EACH ROW EXECUTE FUNCTION observe();
            """;

    final Path folder;
    final Stack stack;
    final List<Service> pages;
    final List<Service> workers;
    final Service result;
    final List<Proxy> wires = new ArrayList<>();

    /// @param cluster has stores of several machines, and no wires: whoever follows a cluster goes around them
    Rig(int workerCount, boolean cluster) throws IOException {
        folder = Files.createTempDirectory(Files.createDirectories(Stack.root().resolve("lab/target")), "faults");
        stack = Stack.temporary(
                folder, _ -> {}, data -> cluster ? new ClusterStack(data, SETTINGS) : new Stack(data, SETTINGS));
        pages = add(2, "vote");
        workers = add(workerCount, "worker");
        result = add(1, "result").getFirst();
    }

    ClusterStack cluster() {
        return (ClusterStack) stack;
    }

    private List<Service> add(int count, String name) {
        List<Service> services = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Map<String, String> wired = new HashMap<>();
            if (stack.nodes.size() == 1 && !name.equals("result")) {
                wired.put("REDIS_PORT", wireTo(stack.redis));
            }
            if (stack.nodes.size() == 1 && !name.equals("vote")) {
                wired.put("PGPORT", wireTo(stack.postgres));
            }
            services.add(stack.add(name, SMALL, wired));
        }
        return services;
    }

    private String wireTo(Server store) {
        var wire = new Proxy(store.port());
        wires.add(wire);
        return Integer.toString(wire.port());
    }

    /// Starts everything, or leaves nothing behind that runs.
    Rig start() throws SQLException {
        try {
            stack.start();
            stack.postgres.execute(OBSERVER);
            return this;
        } catch (SQLException | RuntimeException e) {
            close();
            throw e;
        }
    }

    Map<String, String> table() throws SQLException {
        return stack.postgres.map("SELECT id, vote FROM votes");
    }

    /// The versions of each voter's row, in their order.
    Map<String, List<String>> seen() throws SQLException {
        return stack.postgres.rows("SELECT id, vote FROM seen ORDER BY serial").stream()
                .collect(Collectors.groupingBy(List::getFirst, Collectors.mapping(List::getLast, Collectors.toList())));
    }

    @Override
    public void close() {
        wires.forEach(Proxy::open);
        stack.close();
        wires.forEach(Proxy::close);
        wires.clear();
    }
}
