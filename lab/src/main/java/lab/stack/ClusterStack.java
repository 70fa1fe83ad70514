package lab.stack;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.args.ClientType;
import redis.clients.jedis.params.ClientKillParams;
import redis.clients.jedis.params.MigrateParams;
import redis.clients.jedis.util.JedisClusterCRC16;

/// The same system as on several machines: a Redis Cluster of three primaries, each with a replica, and a PostgreSQL
/// with a synchronous standby that we promote, as Patroni would.
public final class ClusterStack extends Stack {
    private static final int PRIMARIES = 3;
    private static final int SLOTS = 16_384;
    private static final int TIMEOUT_MILLIS = 2000; // a primary that is silent for so long is replaced
    private static final Function<Jedis, String> REPLICATION = redis -> redis.info("replication");
    private static final String IS_COPIED = "(?s).*role:(master.*state=online|slave.*master_link_status:up).*";
    private static final String RELOAD = "SELECT pg_reload_conf()";

    /// The node that takes what is written to a list, and its copy.
    public record Pair(String list, RedisServer primary, RedisServer replica) {
        public long waiting() {
            return Long.parseLong(primary.ask(redis -> "" + redis.llen(list)));
        }

        /// Freezes the replica, and ends the line that it is fed by: it gets nothing any more. What a frozen process
        /// has in its buffers it would read when it wakes.
        public void cut() {
            replica.freeze();
            try (Jedis connection = primary.connect()) {
                connection.clientKill(new ClientKillParams().type(ClientType.REPLICA));
            }
        }

        public boolean isTakenOver() {
            return owns(replica, list);
        }
    }

    private PostgresServer standby = databases.getLast();

    /// @param settings beyond those of a cluster: a list for each primary, and a copy of each vote
    public ClusterStack(Path data, Map<String, String> settings) {
        Map<String, String> all = new HashMap<>(settings);
        all.putAll(Map.of("QUEUE_PARTITIONS", "" + PRIMARIES, "REDIS_MIN_REPLICAS", "1"));
        List<RedisServer> nodes = IntStream.range(0, 2 * PRIMARIES)
                .mapToObj(i -> node(data.resolve("redis-" + i), freePort(), freePort(), TIMEOUT_MILLIS))
                .toList();
        List<PostgresServer> databases = Stream.of("postgresql", "standby")
                .map(name -> new PostgresServer(data.resolve(name), freePort()))
                .toList();
        super(data, all, nodes, databases);
    }

    /// A node of a cluster, on these ports for clients and for other nodes. Without a `sync-delay` of 0 a new copy
    /// would wait five seconds for others.
    public static RedisServer node(Path data, int port, int busPort, int timeoutMillis) {
        return new RedisServer(data, port, """
                cluster-enabled yes
                cluster-port %d
                cluster-node-timeout %d
                cluster-require-full-coverage no
                cluster-allow-replica-migration no
                cluster-replica-validity-factor 0
                repl-diskless-sync-delay 0
                shutdown-timeout 0
                """.formatted(busPort, timeoutMillis));
    }

    @Override
    public void startStores() {
        inParallel(Stream.concat(nodes.stream(), Stream.of(postgres)).toList(), Server::start);
        form();
        try {
            postgres.execute("ALTER SYSTEM SET wal_keep_size = '256MB'", RELOAD);
            heal();
        } catch (IOException | SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /// The first three get an equal share of the slots each, the others follow one each.
    private void form() {
        for (int i = 0; i < nodes.size(); i++) {
            try (Jedis node = nodes.get(i).connect()) {
                node.clusterSetConfigEpoch(i + 1);
                if (i < PRIMARIES) {
                    node.clusterAddSlotsRange(i * SLOTS / PRIMARIES, (i + 1) * SLOTS / PRIMARIES - 1);
                }
                for (RedisServer other : nodes.subList(0, i)) {
                    String busPort =
                            other.ask(redis -> redis.configGet("cluster-port").get("cluster-port"));
                    node.sendCommand(Protocol.Command.CLUSTER, "MEET", "127.0.0.1", "" + other.port(), busPort);
                }
                if (i >= PRIMARIES) {
                    String id = nodes.get(i - PRIMARIES).ask(Jedis::clusterMyId);
                    Await.until("the nodes have met", () -> node.clusterNodes().contains(id + " "));
                    node.clusterReplicate(id);
                }
            }
        }
    }

    /// Makes a standby of what was the primary, if there is none, and waits until everything has its copy.
    @Override
    public void heal() throws IOException, SQLException {
        if (!standby.isAlive()) {
            standby.follow(postgres);
            standby.start();
        }
        // by name: with `*` a copy under way would count as a standby
        postgres.execute("ALTER SYSTEM SET synchronous_standby_names = 'standby'", RELOAD);
        Await.until("the standby is synchronous", () -> "streaming sync".equals(replication()));
        Await.until("each Redis has its replica", this::isWhole);
    }

    private boolean isWhole() {
        return primaries().size() == PRIMARIES
                && nodes.stream()
                        .allMatch(node -> node.ask(Jedis::clusterInfo).contains("cluster_state:ok")
                                && node.ask(REPLICATION).matches(IS_COPIED));
    }

    private String replication() throws SQLException {
        return postgres.value("SELECT state || ' ' || sync_state FROM pg_stat_replication");
    }

    /// Lets the standby get nothing any more.
    public void cutStandby() throws SQLException {
        standby.execute("ALTER SYSTEM SET primary_conninfo = ''", RELOAD);
        Await.until("the standby is cut off", () -> replication() == null);
    }

    /// Ends the primary, so that it can never come back as one, and promotes the standby.
    public void failOver() throws SQLException {
        PostgresServer old = postgres;
        old.kill();
        standby.execute("SELECT pg_promote()");
        postgres = standby;
        standby = old;
    }

    public List<RedisServer> primaries() {
        return nodes.stream()
                .filter(node -> node.ask(REPLICATION).contains("role:master"))
                .toList();
    }

    /// As soon as there are both: on a busy machine the cluster may just be changing them.
    public Pair pairOf(String list) {
        List<Pair> found = new ArrayList<>();
        Await.until("there are a primary for " + list + " and its replica", () -> {
            for (RedisServer primary : nodes) {
                nodes.stream()
                        .filter(node ->
                                owns(primary, list) && node.ask(REPLICATION).contains("master_port:" + primary.port()))
                        .forEach(replica -> found.add(new Pair(list, primary, replica)));
            }
            return !found.isEmpty();
        });
        return found.getFirst();
    }

    private static boolean owns(RedisServer node, String list) {
        return !node.ask(redis -> "" + redis.exists(list)).isEmpty();
    }

    /// Moves the list and all that belongs to it to another primary, as the operator's tools do.
    public void move(String list, RedisServer from, RedisServer to) {
        int slot = JedisClusterCRC16.getSlot(list);
        String fromId = from.ask(Jedis::clusterMyId);
        String toId = to.ask(Jedis::clusterMyId);
        try (Jedis source = from.connect();
                Jedis target = to.connect()) {
            target.clusterSetSlotImporting(slot, fromId);
            source.clusterSetSlotMigrating(slot, toId);
            List<String> keys;
            while (!(keys = source.clusterGetKeysInSlot(slot, 10)).isEmpty()) {
                source.migrate("127.0.0.1", to.port(), 10_000, new MigrateParams(), keys.toArray(String[]::new));
            }
            target.clusterSetSlotNode(slot, toId);
            source.clusterSetSlotNode(slot, toId);
        }
    }
}
