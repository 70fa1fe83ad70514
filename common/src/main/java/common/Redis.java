package common;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.SslOptions;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.exceptions.JedisMovedDataException;
import redis.clients.jedis.util.JedisClusterCRC16;

/// Where Redis is, one server or some nodes of a cluster, and how to connect to it.
///
/// @param partitions how many lists of votes there are
/// @param minReplicas how many replicas must have what was written before it counts
public record Redis(List<InetSocketAddress> nodes, JedisClientConfig config, int partitions, int minReplicas) {
    /// The list of votes, in which each is appended at the right: the first one if there are several.
    public static final String VOTES = "votes";

    private static final int TIMEOUT_MILLIS = 2000;
    private static final int LONGEST_BLOCK_MILLIS = 1000;

    public static Redis from(Env env) {
        return new Redis(
                env.addresses("REDIS_HOST", "redis", "REDIS_PORT", 6379),
                config(env),
                env.number("QUEUE_PARTITIONS", 1, 1, 100),
                env.number("REDIS_MIN_REPLICAS", 0, 0, 5));
    }

    private static JedisClientConfig config(Env env) {
        String tls = env.text("REDIS_TLS", "false");
        SettingException.mustBe(tls.matches("true|false"), "REDIS_TLS", "true or false", tls);
        return DefaultJedisClientConfig.builder()
                .connectionTimeoutMillis(TIMEOUT_MILLIS)
                .socketTimeoutMillis(TIMEOUT_MILLIS)
                .blockingSocketTimeoutMillis(TIMEOUT_MILLIS + LONGEST_BLOCK_MILLIS)
                .user(env.text("REDIS_USERNAME", null))
                .password(env.secret("REDIS_PASSWORD", null))
                .sslOptions(tls.equals("true") ? SslOptions.defaults() : null) // checks the certificate and whose it is
                .build();
    }

    /// All lists of votes. What belongs to one is named after it, in braces, so that a cluster keeps it together.
    public List<String> lists() {
        return IntStream.range(0, partitions)
                .mapToObj(i -> i == 0 ? VOTES : VOTES + ":" + i)
                .toList();
    }

    /// For messages about one of several: ` for votes:1`.
    public String about(String list) {
        return partitions == 1 ? "" : " for " + list;
    }

    /// Which of them has this voter's votes, and so keeps their order: any program can find out.
    public int partitionOf(String voterId) {
        return JedisClusterCRC16.getSlot(voterId) % partitions;
    }

    /// A connection for one thread, to the server that has this key: two seconds to connect and for each answer, and a
    /// second more for a command that blocks.
    public Jedis connect(String key) {
        List<InetSocketAddress> any = new ArrayList<>(nodes);
        Collections.shuffle(any); // whoever hangs is not always the first
        JedisException failure = null;
        for (InetSocketAddress node : any) {
            try {
                return connect(new HostAndPort(node.getHostString(), node.getPort()), key);
            } catch (JedisMovedDataException e) {
                return new Jedis(e.getTargetNode(), config); // all would send us there
            } catch (JedisException e) {
                failure = failure == null || node.equals(nodes.getFirst()) ? e : failure; // always the same one's
            }
        }
        throw failure;
    }

    private Jedis connect(HostAndPort node, String key) {
        var connection = new Jedis(node, config);
        try {
            if (nodes.size() > 1 && connection.info("cluster").contains("cluster_enabled:0")) {
                throw new JedisDataException("REDIS_HOST names several, and " + node + " is no node of a cluster");
            }
            connection.exists(key);
            return connection;
        } catch (JedisException e) {
            connection.close();
            throw e;
        }
    }

    /// Returns when so many replicas as are asked for have all that was written on this connection.
    ///
    /// @throws JedisDataException if they have not within a second: it may get lost
    public void confirm(Jedis connection) {
        if (minReplicas > 0 && connection.waitReplicas(minReplicas, LONGEST_BLOCK_MILLIS) < minReplicas) {
            throw new JedisDataException("fewer than REDIS_MIN_REPLICAS=" + minReplicas + " replicas have it");
        }
    }
}
