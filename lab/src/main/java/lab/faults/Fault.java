package lab.faults;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import lab.stack.Server;
import org.apache.commons.lang3.function.FailableConsumer;

/// What can go wrong. When a fault is over its part is back: started again, thawed, connected.
enum Fault {
    VOTE_KILL("vote", "kill -9", it -> it.restart(it.any(it.rig.pages), Server::kill)),
    WORKER_KILL("worker", "kill -9", it -> it.restart(it.any(it.rig.workers), Server::kill)),
    WORKER_FREEZE("worker", "freeze 1 to 15 s", it -> it.freeze(it.any(it.rig.workers))),
    WORKER_SESSION("worker", "end its session", Strike::endSessions),
    RESULT_KILL("result", "kill -9", it -> it.restart(it.rig.result, Server::kill)),
    REDIS_KILL("redis", "kill -9", it -> it.restart(it.redis, Server::kill)),
    REDIS_FREEZE("redis", "freeze 1 to 15 s", it -> it.freeze(it.redis)),
    REDIS_RESTART("redis", "orderly restart", it -> it.restart(it.redis, Server::stop)),
    REDIS_FULL_DISK("redis", "full disk", Strike::fillDisk),
    REDIS_FULL_MEMORY("redis", "full memory", Strike::fillMemory),
    REDIS_SLOW("redis", "slow disk", Strike::slowDisk),
    POSTGRESQL_KILL("postgresql", "kill -9", it -> it.restart(it.postgres, Server::kill)),
    POSTGRESQL_FREEZE("postgresql", "freeze 1 to 15 s", it -> it.freeze(it.postgres)),
    POSTGRESQL_STOP("postgresql", "immediate stop", it -> it.restart(it.postgres, server -> server.signal("QUIT"))),
    NETWORK_REFUSE("network", "refuse 1 to 15 s", it -> it.disturb(Proxy::refuse)),
    NETWORK_HANG("network", "hang 1 to 15 s", it -> it.disturb(wire -> wire.hangAfter(0))),
    NETWORK_RELAY("network", "stuck relay", it -> it.disturb(Proxy::stick)),
    NETWORK_RESET("network", "reset", it -> it.any(it.rig.wires).reset()),
    QUEUE_GARBAGE("queue", "garbage", it -> it.run.pushGarbage(it.random)),
    QUEUE_DUPLICATES("queue", "duplicates", it -> it.run.pushDuplicates(it.random)),

    PRIMARY_KILL("redis", "primary lost", it -> it.losePrimary(false)),
    PRIMARY_CUT("redis", "cut off, and lost", it -> it.losePrimary(true)),
    PRIMARY_FREEZE("redis", "primary deposed", Strike::deposePrimary),
    PRIMARY_HANDOVER("redis", "manual failover", Strike::handOver),
    REPLICA_KILL("redis", "replica killed", it -> it.restart(it.pair().replica(), Server::kill)),
    REPLICA_FREEZE("redis", "replica frozen", it -> it.freeze(it.pair().replica())),
    SLOT_MOVE("redis", "list moves", Strike::moveList),
    DATABASE_KILL("postgresql", "primary lost", it -> it.loseDatabase(false)),
    DATABASE_CUT("postgresql", "cut off, and lost", it -> it.loseDatabase(true));

    final String part;
    final String kind;
    final FailableConsumer<Strike, Exception> strike; // returns when the part is back

    Fault(String part, String kind, FailableConsumer<Strike, Exception> strike) {
        this.part = part;
        this.kind = kind;
        this.strike = strike;
    }

    /// All that this machine can do to such a system: `prlimit` is Linux only.
    static List<Fault> possible(boolean cluster) {
        Set<Fault> possible = EnumSet.allOf(Fault.class);
        possible.removeAll(
                cluster ? EnumSet.range(REDIS_KILL, NETWORK_RESET) : EnumSet.range(PRIMARY_KILL, DATABASE_CUT));
        if (!Files.isExecutable(Path.of("/usr/bin/prlimit"))) {
            possible.remove(REDIS_FULL_DISK);
        }
        return List.copyOf(possible);
    }
}
