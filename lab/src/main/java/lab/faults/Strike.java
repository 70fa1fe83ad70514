package lab.faults;

import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import lab.stack.Await;
import lab.stack.ClusterStack;
import lab.stack.PostgresServer;
import lab.stack.RedisServer;
import lab.stack.Server;
import lab.stack.Service;
import org.apache.commons.io.FileUtils;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.args.ClientPauseMode;

/// How each fault is done, with lengths and victims of its own.
final class Strike {
    final FaultRun run;
    final Random random;
    final Rig rig;
    final RedisServer redis;
    final PostgresServer postgres;

    Strike(FaultRun run, Random random) {
        this.run = run;
        this.random = random;
        this.rig = run.rig;
        this.redis = rig.stack.redis;
        this.postgres = rig.stack.postgres;
    }

    <T> T any(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    ClusterStack.Pair pair() {
        return rig.cluster().pairOf(any(rig.stack.queue.lists()));
    }

    /// From 1 to 15 seconds, more often short than long.
    private void longWhile() throws InterruptedException {
        double skewed = random.nextDouble() * random.nextDouble();
        Thread.sleep(1000 + (long) (skewed * 14_000)); // the fault lasts so long
    }

    /// An orchestrator needs one to start what has ended.
    private void moment() throws InterruptedException {
        Thread.sleep(random.nextInt(1000)); // that moment
    }

    /// Ends it in this way, and starts it again a moment later.
    void restart(Server server, Consumer<Server> end) throws InterruptedException {
        end.accept(server);
        Await.until(server.name() + " ends", () -> !server.isAlive());
        moment();
        server.start();
        if (server instanceof Service service) { // it is back when its JVM is up, as a store is when it has started
            Await.until(service.name() + " listens", () -> !"starting".equals(service.unready()));
        }
    }

    void freeze(Server server) throws InterruptedException {
        server.freeze();
        longWhile();
        server.thaw();
    }

    void endSessions() throws SQLException {
        postgres.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'worker'");
    }

    /// No file of Redis may grow beyond a few bytes more, as on a full disk: the next write is cut short.
    void fillDisk() throws IOException, InterruptedException {
        // nearly all that is in the folder is in one file
        long size =
                FileUtils.sizeOfDirectory(redis.data.resolve("appendonlydir").toFile()) + random.nextInt(2000);
        new ProcessBuilder("prlimit", "--pid", "" + redis.process().pid(), "--fsize=" + size)
                .inheritIO()
                .start()
                .waitFor();
        restart(redis, _ -> {}); // it ends by itself, for it cannot write
    }

    /// Votes gather while no worker works, until there is no memory for more, or for a while; then the workers go on,
    /// and must empty it before it gets any.
    void fillMemory() throws InterruptedException {
        try (Jedis connection = redis.connect()) {
            rig.workers.forEach(Server::freeze);
            connection.configSet("maxmemory", Long.toString(redis.usedMemory() + random.nextInt(100_000)));
            longWhile();
            connection.configSet("maxmemory", "1"); // full to the last, also if too few have voted
            rig.workers.forEach(Server::thaw);
            Await.until("the full Redis is emptied", rig.stack::isQueueEmpty);
            connection.configSet("maxmemory", "0");
        }
    }

    /// Redis takes no write while its disk does not answer; here it is told to do so.
    void slowDisk() throws InterruptedException {
        int millis = 500 + random.nextInt(4000);
        try (Jedis connection = redis.connect()) {
            connection.clientPause(millis, ClientPauseMode.WRITE);
        }
        Thread.sleep(millis); // the fault lasts so long
    }

    void disturb(Consumer<Proxy> how) throws InterruptedException {
        Proxy wire = any(rig.wires);
        how.accept(wire);
        longWhile();
        wire.open();
    }

    /// A primary is lost, and its replica takes over. Who was cut off has votes that are lost with its disk.
    void losePrimary(boolean cut) throws Exception {
        var pair = pair();
        RedisServer primary = pair.primary();
        if (cut) {
            rig.workers.forEach(Server::freeze); // busy elsewhere: what comes now, waits
            pair.cut();
            awaitMore(pair::waiting);
        }
        run.bites();
        primary.kill();
        if (cut) {
            // a new disk; what it knows of its cluster stays
            FileUtils.deleteDirectory(primary.data.resolve("appendonlydir").toFile());
            pair.replica().thaw();
            rig.workers.forEach(Server::thaw);
        }
        Await.until("it is taken over", pair::isTakenOver);
        primary.start(); // its replica now
    }

    /// Returns when there are so many more that some voters will not vote again; or when another fault keeps them off.
    private void awaitMore(Callable<Long> count) throws Exception {
        long enough = count.call() + 20;
        long until = run.crowd.now() + 5000;
        Await.until("there are more", () -> count.call() >= enough || run.crowd.now() > until);
    }

    /// Frozen until it is replaced, then it wakes and knows nothing of it.
    void deposePrimary() throws InterruptedException {
        var pair = pair();
        pair.primary().freeze();
        Await.until("it is taken over", pair::isTakenOver);
        moment();
        pair.primary().thaw();
    }

    void handOver() {
        var pair = pair();
        try (Jedis connection = pair.replica().connect()) {
            connection.clusterFailover();
        }
        long giveUp = run.crowd.now() + 10_000; // as Redis does, if the machine is busy
        Await.until("it has taken over", () -> pair.isTakenOver() || run.crowd.now() > giveUp);
    }

    void moveList() {
        var pair = pair();
        List<RedisServer> others = new ArrayList<>(rig.cluster().primaries());
        others.remove(pair.primary());
        rig.cluster().move(pair.list(), pair.primary(), any(others));
    }

    /// The primary is fenced, that is, ended for good, and its standby takes over. It may have been frozen before; or
    /// the standby was cut off, and gets nothing of what is stored meanwhile.
    void loseDatabase(boolean cut) throws Exception {
        ClusterStack stack = rig.cluster();
        if (cut) {
            stack.cutStandby();
            awaitMore(() -> Long.valueOf(postgres.value("SELECT count(*) FROM votes")));
        } else if (random.nextBoolean()) {
            postgres.freeze();
            moment();
        }
        run.bites();
        stack.failOver();
    }
}
