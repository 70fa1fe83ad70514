package lab.stack;

import common.Env;
import common.Redis;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.args.ClientType;
import redis.clients.jedis.params.ClientKillParams;
import redis.clients.jedis.params.MigrateParams;
import redis.clients.jedis.util.JedisClusterCRC16;

/// The same system as on several machines: a Redis Cluster of three primaries, each with a replica, and a PostgreSQL
/// with a synchronous standby that we promote, as Patroni would.
public final class ClusterStack extends Stack {
    /// After which silence the others hold a primary for lost.
    private static final int NODE_TIMEOUT_MILLIS = 2000;

    private static final int PRIMARIES = 3;
    private static final int SLOTS = 16_384;
    private static final Function<Jedis, String> REPLICATION = redis -> redis.info("replication");
    private static final Function<Jedis, String> BUS_PORT =
            redis -> redis.configGet("cluster-port").get("cluster-port");

    /// A primary and its replica.
    public record Pair(RedisServer primary, RedisServer replica) {}

    public final List<RedisServer> nodes = new ArrayList<>();
    private final Redis queue;
    private final List<PostgresServer> databases;
    private PostgresServer primary = postgres;
    private PostgresServer standby;
    private boolean synchronous = true;

    /// @param settings with `QUEUE_PARTITIONS` and `REDIS_MIN_REPLICAS`
    public ClusterStack(Path data, Map<String, String> settings, Consumer<String> log) {
        super(data, settings, log);
        for (int i = 0; i < 2 * PRIMARIES; i++) {
            nodes.add(node(data.resolve("redis-" + i), freePort(), freePort(), NODE_TIMEOUT_MILLIS));
        }
        standby = new PostgresServer(data.resolve("standby"), freePort());
        databases = List.of(primary, standby);
        Map<String, String> all = new HashMap<>(settings);
        all.putAll(addresses());
        queue = Redis.from(new Env(all));
    }

    /// A node of a cluster, on these ports for clients and for other nodes. Without a `sync-delay` of 0 a new copy
    /// would
    /// wait five seconds for others.
    public static RedisServer node(Path data, int port, int busPort, int timeoutMillis) {
        String options = """
                --cluster-enabled yes --cluster-port %d --cluster-node-timeout %d
                --cluster-require-full-coverage no --cluster-allow-replica-migration no
                --cluster-replica-validity-factor 0 --repl-diskless-sync-delay 0 --shutdown-timeout 0
                """.formatted(busPort, timeoutMillis);
        return new RedisServer(data, port, options.strip().split("\\s+"));
    }

    @Override
    protected List<Server> stores() {
        List<Server> stores = new ArrayList<>(nodes);
        stores.addAll(databases);
        return stores;
    }

    @Override
    protected Map<String, String> addresses() {
        return Map.of(
                "REDIS_HOST", hosts(nodes),
                "REDIS_PORT", ports(nodes),
                "PGHOST", hosts(databases),
                "PGPORT", ports(databases));
    }

    private static String hosts(List<? extends Server> servers) {
        return String.join(",", Collections.nCopies(servers.size(), "127.0.0.1"));
    }

    private static String ports(List<? extends Server> servers) {
        return servers.stream().map(server -> "" + server.port()).collect(Collectors.joining(","));
    }

    @Override
    public PostgresServer database() {
        return primary;
    }

    @Override
    public List<String> lists() {
        return queue.lists();
    }

    @Override
    public Jedis connect(String key) {
        return queue.connect(key);
    }

    @Override
    public void push(String... messages) {
        try (Jedis connection = connect("votes")) {
            connection.rpush("votes", messages);
            queue.confirm(connection);
        }
    }

    @Override
    public void startStores() {
        List<Server> first = new ArrayList<>(nodes);
        first.add(primary);
        inParallel(first.stream().<Runnable>map(store -> store::start).toList());
        try {
            primary.execute("ALTER SYSTEM SET wal_keep_size = '256MB'", "SELECT pg_reload_conf()");
            form();
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
                    node.sendCommand(
                            Protocol.Command.CLUSTER, "MEET", "127.0.0.1", "" + other.port(), other.ask(BUS_PORT));
                }
            }
        }
        for (int i = PRIMARIES; i < nodes.size(); i++) {
            String id = nodes.get(i - PRIMARIES).ask(Jedis::clusterMyId);
            try (Jedis node = nodes.get(i).connect()) {
                Await.until("the nodes have met", () -> node.clusterNodes().contains(id + " "));
                node.clusterReplicate(id);
            }
        }
    }

    /// Makes a standby of what was the primary, if there is none, and waits until each Redis has its replica.
    @Override
    public void heal() throws IOException, SQLException {
        if (!standby.isAlive()) {
            standby.follow(primary);
            standby.start();
        }
        Await.until("the standby follows", () -> "streaming".equals(replication("state")));
        synchronize(synchronous);
        Await.until("each Redis has its replica", this::isWhole);
    }

    private boolean isWhole() {
        List<String> replication =
                nodes.stream().map(node -> node.ask(REPLICATION)).toList();
        return nodes.stream().allMatch(node -> node.ask(Jedis::clusterInfo).contains("cluster_state:ok"))
                && count(replication, "role:master", "state=online") == PRIMARIES
                && count(replication, "role:slave", "master_link_status:up") == nodes.size() - PRIMARIES;
    }

    private static long count(List<String> texts, String first, String second) {
        return texts.stream()
                .filter(text -> text.contains(first) && text.contains(second))
                .count();
    }

    /// Whether a commit waits for the standby. By name: with `*` a copy under way would count as one.
    public void synchronize(boolean wanted) throws SQLException {
        synchronous = wanted;
        String name = wanted ? "standby" : "";
        primary.execute("ALTER SYSTEM SET synchronous_standby_names = '" + name + "'", "SELECT pg_reload_conf()");
        String state = wanted ? "sync" : "async";
        Await.until("it is " + state, () -> state.equals(replication("sync_state")));
    }

    private String replication(String column) throws SQLException {
        return primary.value("SELECT " + column + " FROM pg_stat_replication");
    }

    /// Lets the standby get nothing any more.
    public void cutStandby() throws SQLException {
        standby.execute("ALTER SYSTEM SET primary_conninfo = ''", "SELECT pg_reload_conf()");
        Await.until("the standby is cut off", () -> replication("state") == null);
    }

    /// Ends the primary, so that it can never come back as one, and promotes the standby.
    public void failOver() throws SQLException {
        PostgresServer old = primary;
        old.kill();
        standby.execute("SELECT pg_promote()");
        primary = standby;
        standby = old;
    }

    public List<RedisServer> primaries() {
        return nodes.stream()
                .filter(node -> node.ask(REPLICATION).contains("role:master"))
                .collect(Collectors.toCollection(ArrayList::new));
    }

    /// The node that takes what is written to a list, and its copy, as soon as there are both: on a busy machine the
    /// cluster may just be changing them.
    public Pair pairOf(String list) {
        List<Pair> found = new ArrayList<>();
        Await.until("there are a primary for " + list + " and its replica", () -> {
            nodes.stream()
                    .filter(node -> owns(node, list))
                    .forEach(primary -> nodes.stream()
                            .filter(node -> node.ask(REPLICATION).contains("master_port:" + primary.port()))
                            .forEach(replica -> found.add(new Pair(primary, replica))));
            return !found.isEmpty();
        });
        return found.getFirst();
    }

    public static long waiting(RedisServer node, String list) {
        return Long.parseLong(node.ask(redis -> "" + redis.llen(list)));
    }

    public void awaitPrimary(RedisServer node, String list) {
        Await.until("it takes over " + list, () -> owns(node, list));
    }

    public static boolean owns(RedisServer node, String list) {
        return !node.ask(redis -> "" + redis.exists(list)).isEmpty();
    }

    /// Freezes the replica, and ends the line that it is fed by: it gets nothing any more. What a frozen process has in
    /// its buffers it would read when it wakes.
    public static void cut(Pair pair) {
        pair.replica.freeze();
        try (Jedis connection = pair.primary.connect()) {
            connection.clientKill(ClientKillParams.clientKillParams().type(ClientType.REPLICA));
        }
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
