package lab.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import lab.stack.Await;
import lab.stack.ClusterStack;
import lab.stack.RedisServer;
import lab.stack.Server;
import lab.stack.Service;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.args.ClientPauseMode;

/// What can go wrong. When a fault is over its part is back: started again, thawed, connected.
enum Fault {
    VOTE_KILL("vote", "kill -9", (run, random) -> kill(pick(run.rig.pages, random), random)),
    WORKER_KILL("worker", "kill -9", (run, random) -> kill(pick(run.rig.workers, random), random)),
    WORKER_FREEZE("worker", "freeze 1 to 15 s", (run, random) -> freeze(pick(run.rig.workers, random), random)),
    WORKER_SESSION("worker", "end its session", (run, _) -> endSessions(run.rig)),
    RESULT_KILL("result", "kill -9", (run, random) -> kill(run.rig.result, random)),
    REDIS_KILL("redis", "kill -9", (run, random) -> kill(run.rig.stack.redis, random)),
    REDIS_FREEZE("redis", "freeze 1 to 15 s", (run, random) -> freeze(run.rig.stack.redis, random)),
    REDIS_RESTART("redis", "orderly restart", (run, random) -> restart(run.rig.stack.redis, random)),
    REDIS_FULL_DISK("redis", "full disk", (run, random) -> fillDisk(run.rig, random)),
    REDIS_FULL_MEMORY("redis", "full memory", (run, random) -> fillMemory(run.rig, random)),
    REDIS_SLOW("redis", "slow disk", (run, random) -> slowDisk(run.rig, random)),
    POSTGRESQL_KILL("postgresql", "kill -9", (run, random) -> kill(run.rig.stack.postgres, random)),
    POSTGRESQL_FREEZE("postgresql", "freeze 1 to 15 s", (run, random) -> freeze(run.rig.stack.postgres, random)),
    POSTGRESQL_STOP("postgresql", "immediate stop", (run, random) -> stopAtOnce(run.rig, random)),
    NETWORK_REFUSE("network", "refuse", (run, random) -> refuse(pick(run.rig.wires, random), random)),
    NETWORK_HANG("network", "hang 1 to 15 s", (run, random) -> hang(pick(run.rig.wires, random), random)),
    NETWORK_RELAY("network", "stuck relay", (run, random) -> stick(pick(run.rig.wires, random), random)),
    NETWORK_RESET(
            "network", "reset", (run, random) -> pick(run.rig.wires, random).reset()),
    QUEUE_GARBAGE("queue", "garbage", (run, random) -> run.pushGarbage(1 + random.nextInt(50))),
    QUEUE_DUPLICATES("queue", "duplicates", (run, random) -> run.pushDuplicates(2 + random.nextInt(9))),

    PRIMARY_KILL("redis", "primary lost", (run, random) -> losePrimary(run, random, false)),
    PRIMARY_CUT("redis", "cut off, and lost", (run, random) -> losePrimary(run, random, true)),
    PRIMARY_FREEZE("redis", "primary deposed", (run, random) -> deposePrimary(run.rig.cluster(), random)),
    PRIMARY_HANDOVER("redis", "manual failover", (run, random) -> handOver(run.rig.cluster(), random)),
    REPLICA_KILL("redis", "replica killed", (run, random) -> kill(replica(run.rig.cluster(), random), random)),
    REPLICA_FREEZE("redis", "replica frozen", (run, random) -> freeze(replica(run.rig.cluster(), random), random)),
    SLOT_MOVE("redis", "list moves", (run, random) -> moveList(run.rig.cluster(), random)),
    DATABASE_KILL("postgresql", "primary lost", (run, random) -> loseDatabase(run, random, false)),
    DATABASE_CUT("postgresql", "cut off, and lost", (run, random) -> loseDatabase(run, random, true));

    /// What strikes the stores of several machines, and what strikes those of one; all others strike both.
    private static final Set<Fault> CLUSTER = EnumSet.range(PRIMARY_KILL, DATABASE_CUT);

    private static final Set<Fault> SINGLE = EnumSet.range(REDIS_KILL, NETWORK_RESET);

    private interface Strike {
        void at(FaultRun run, Random random) throws Exception;
    }

    final String part;
    final String kind;
    private final Strike strike;

    Fault(String part, String kind, Strike strike) {
        this.part = part;
        this.kind = kind;
        this.strike = strike;
    }

    /// All that this machine can do to such a system: `prlimit` is Linux only.
    static List<Fault> possible(boolean cluster) {
        Set<Fault> possible = EnumSet.complementOf(EnumSet.copyOf(cluster ? SINGLE : CLUSTER));
        if (!Files.isExecutable(Path.of("/usr/bin/prlimit"))) {
            possible.remove(REDIS_FULL_DISK);
        }
        return List.copyOf(possible);
    }

    /// Does it, and returns when the part is back.
    void strike(FaultRun run, Random random) throws Exception {
        strike.at(run, random);
    }

    private static <T> T pick(List<T> list, Random random) {
        return list.get(random.nextInt(list.size()));
    }

    /// From 1 to 15 seconds, more often short than long.
    private static void longWhile(Random random) throws InterruptedException {
        double skewed = random.nextDouble() * random.nextDouble();
        Thread.sleep(1000 + (long) (skewed * 14_000)); // the fault lasts so long
    }

    /// An orchestrator needs a moment to start what has ended.
    private static void moment(Random random) throws InterruptedException {
        Thread.sleep(random.nextInt(1000)); // that moment
    }

    private static void kill(Server server, Random random) throws InterruptedException {
        server.kill();
        moment(random);
        server.start();
        if (server instanceof Service service) { // it is back when its JVM is up, as a store is when it has started
            Await.until(service.name() + " listens", () -> !"starting".equals(service.unready()));
        }
    }

    private static void restart(Server server, Random random) throws InterruptedException {
        server.stop();
        moment(random);
        server.start();
    }

    private static void freeze(Server server, Random random) throws InterruptedException {
        server.freeze();
        longWhile(random);
        server.thaw();
    }

    private static void endSessions(Rig rig) throws SQLException {
        rig.stack
                .database()
                .execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'worker'");
    }

    /// What `pg_ctl stop -m immediate` does.
    private static void stopAtOnce(Rig rig, Random random) throws InterruptedException {
        var postgres = rig.stack.postgres;
        postgres.signal("QUIT");
        postgres.process().onExit().join();
        postgres.kill();
        moment(random);
        postgres.start();
    }

    /// A file of Redis may not grow beyond a few bytes more, as on a full disk: the next write is cut short.
    private static void fillDisk(Rig rig, Random random) throws IOException, InterruptedException {
        RedisServer redis = rig.stack.redis;
        try (Stream<Path> files = Files.list(redis.data().resolve("appendonlydir"))) {
            Path log = files.filter(file -> file.toString().endsWith(".incr.aof"))
                    .max(Comparator.comparingLong(file -> file.toFile().lastModified()))
                    .orElseThrow();
            long size = Files.size(log) + random.nextInt(2000);
            new ProcessBuilder("prlimit", "--pid", redis.process().pid() + "", "--fsize=" + size)
                    .inheritIO()
                    .start()
                    .waitFor();
        }
        Await.until("Redis ends, for it cannot write", () -> !redis.isAlive());
        moment(random);
        redis.start();
    }

    /// Votes gather while no worker works, until there is no memory for more, or for a while; then the workers go on,
    /// and
    /// must empty it before it gets any.
    private static void fillMemory(Rig rig, Random random) throws InterruptedException {
        RedisServer server = rig.stack.redis;
        try (Jedis redis = server.connect()) {
            rig.workers.forEach(Server::freeze);
            redis.configSet("maxmemory", Long.toString(server.usedMemory() + random.nextInt(100_000)));
            longWhile(random);
            redis.configSet("maxmemory", "1"); // full to the last, also if too few have voted
            rig.workers.forEach(Server::thaw);
            Await.until("the full Redis is emptied", rig.stack::isQueueEmpty);
            redis.configSet("maxmemory", "0");
        }
    }

    /// Redis takes no write while its disk does not answer; here it is told to do so.
    private static void slowDisk(Rig rig, Random random) throws InterruptedException {
        int millis = 500 + random.nextInt(4000);
        try (Jedis redis = rig.stack.redis.connect()) {
            redis.clientPause(millis, ClientPauseMode.WRITE);
        }
        Thread.sleep(millis); // the fault lasts so long
    }

    private static void refuse(Proxy wire, Random random) throws InterruptedException {
        wire.refuse();
        Thread.sleep(random.nextInt(5000)); // the fault lasts so long
        wire.open();
    }

    private static void hang(Proxy wire, Random random) throws InterruptedException {
        wire.hang();
        longWhile(random);
        wire.open();
    }

    private static void stick(Proxy wire, Random random) throws InterruptedException {
        wire.stick();
        longWhile(random);
        wire.open();
    }

    /// A primary is lost, and its replica takes over. Who is cut off before takes votes that nobody else has, and its
    /// disk is lost with it.
    private static void losePrimary(FaultRun run, Random random, boolean cut) throws Exception {
        ClusterStack stack = run.rig.cluster();
        String list = pick(stack.lists(), random);
        var pair = stack.pairOf(list);
        RedisServer primary = pair.primary();
        if (cut) {
            run.rig.workers.forEach(Server::freeze); // busy elsewhere: what comes now, waits
            ClusterStack.cut(pair);
            awaitMore(run, () -> ClusterStack.waiting(primary, list));
        }
        run.bites();
        primary.kill();
        if (cut) {
            primary.loseData();
            pair.replica().thaw();
            run.rig.workers.forEach(Server::thaw);
        }
        stack.awaitPrimary(pair.replica(), list);
        primary.start(); // its replica now
    }

    /// Returns when there are so many more that some voters will not vote again; or after a while, if another fault
    /// keeps them from coming.
    private static void awaitMore(FaultRun run, Callable<Long> count) throws Exception {
        long enough = count.call() + 20;
        long until = run.crowd.now() + 5000;
        Await.until("there are more", () -> count.call() >= enough || run.crowd.now() > until);
    }

    /// Frozen until it is replaced, then it wakes and knows nothing of it.
    private static void deposePrimary(ClusterStack stack, Random random) throws InterruptedException {
        String list = pick(stack.lists(), random);
        var pair = stack.pairOf(list);
        pair.primary().freeze();
        stack.awaitPrimary(pair.replica(), list);
        moment(random);
        pair.primary().thaw();
    }

    private static void handOver(ClusterStack stack, Random random) {
        String list = pick(stack.lists(), random);
        RedisServer replica = stack.pairOf(list).replica();
        try (Jedis connection = replica.connect()) {
            connection.clusterFailover();
        }
        long giveUp = System.nanoTime() + 10_000_000_000L; // as Redis does, if the machine is busy
        Await.until("it has taken over", () -> ClusterStack.owns(replica, list) || System.nanoTime() > giveUp);
    }

    private static RedisServer replica(ClusterStack stack, Random random) {
        return stack.pairOf(pick(stack.lists(), random)).replica();
    }

    private static void moveList(ClusterStack stack, Random random) {
        String list = pick(stack.lists(), random);
        List<RedisServer> primaries = stack.primaries();
        RedisServer from = stack.pairOf(list).primary();
        primaries.remove(from);
        stack.move(list, from, pick(primaries, random));
    }

    /// The primary is fenced, that is, ended for good, and its standby takes over. It may have been frozen before; or
    /// the
    /// standby was cut off, and gets nothing of what is stored meanwhile.
    private static void loseDatabase(FaultRun run, Random random, boolean cut) throws Exception {
        ClusterStack stack = run.rig.cluster();
        if (cut) {
            stack.cutStandby();
            awaitMore(run, () -> Long.valueOf(stack.database().value("SELECT count(*) FROM votes")));
        } else if (random.nextBoolean()) {
            stack.database().freeze();
            moment(random);
        }
        run.bites();
        stack.failOver();
    }
}
