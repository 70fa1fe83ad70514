package lab.faults;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.commons.io.IOUtils;
import org.apache.commons.lang3.function.Failable;

/// A wire to one port of this machine that can be cut in the ways networks are.
public final class Proxy implements AutoCloseable {
    private final int target;
    final List<Flow> flows = new CopyOnWriteArrayList<>(); // of a connection, the one to the server first
    private final AtomicLong bytesLeft = new AtomicLong(Long.MAX_VALUE); // until it hangs
    private ServerSocket server;

    public Proxy(int target) {
        this.target = target;
        listen(0);
    }

    public int port() {
        return server.getLocalPort();
    }

    /// Ends every connection and takes no new one, until [#open].
    public void refuse() {
        close();
        reset();
    }

    /// Lets only so many more bytes through, be it to the middle of a message, and says nothing, until [#open].
    void hangAfter(long bytes) {
        bytesLeft.set(bytes);
    }

    boolean isHung() {
        return bytesLeft.get() <= 0;
    }

    /// Keeps what it is sent on the connections it has, as a relay that is stuck (a sidecar, a tunnel), and serves new
    /// ones. Delivers it at [#open], also if the sender has given up meanwhile.
    void stick() {
        flows.forEach(flow -> flow.stuck = true);
    }

    /// Ends every connection with a reset; new ones are taken.
    void reset() {
        flows.forEach(flow -> flow.close(true));
    }

    /// All is well again. What was held arrives late, unless the sender has given up meanwhile: then it never
    /// does, as the system that sends again what was lost forgets it with the connection. A relay forgets nothing.
    public void open() {
        bytesLeft.set(Long.MAX_VALUE);
        flows.forEach(Flow::letGo);
        if (server.isClosed()) {
            listen(port());
        }
    }

    private void listen(int wanted) {
        ServerSocket accepting = Failable.call(() -> new ServerSocket(wanted, 1024, InetAddress.getLoopbackAddress()));
        Thread.ofVirtual().start(() -> accept(accepting));
        server = accepting;
    }

    private void accept(ServerSocket accepting) {
        while (!accepting.isClosed()) {
            try {
                Socket client = accepting.accept();
                Thread.ofVirtual().start(() -> connect(client));
            } catch (IOException _) {
                // closed, or the client is gone already
            }
        }
    }

    private void connect(Socket client) {
        try {
            var server = new Socket(InetAddress.getLoopbackAddress(), target);
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            List<Flow> both = List.of(new Flow(client, server), new Flow(server, client));
            flows.addAll(both);
            both.forEach(flow -> Thread.ofVirtual().start(flow::pump));
        } catch (IOException _) {
            drop(client, true);
        }
    }

    static void drop(Socket socket, boolean byReset) {
        try (socket) {
            socket.setSoLinger(byReset, 0);
        } catch (IOException _) {
            // it is closed
        }
    }

    @Override
    public void close() {
        IOUtils.closeQuietly(server);
    }

    /// One direction of a connection.
    final class Flow {
        final Socket from;
        private final Socket to;
        final ByteArrayOutputStream held = new ByteArrayOutputStream(); // sent, and not arrived
        volatile boolean stuck;
        private boolean ended;

        Flow(Socket from, Socket to) {
            this.from = from;
            this.to = to;
        }

        void pump() {
            byte[] buffer = new byte[8192];
            try {
                for (int n; (n = from.getInputStream().read(buffer)) >= 0; ) {
                    pass(buffer, n);
                }
            } catch (IOException _) {
                // one of the two is gone
            }
            end();
        }

        private synchronized void pass(byte[] bytes, int n) throws IOException {
            long left = stuck || held.size() > 0 ? 0 : bytesLeft.getAndAdd(-n);
            int through = Math.clamp(left, 0, n);
            to.getOutputStream().write(bytes, 0, through);
            held.write(bytes, through, n - through);
        }

        /// The other side hears of it, unless the wire hangs.
        private synchronized void end() {
            ended = true;
            if (!stuck && !isHung()) {
                close(false);
            }
        }

        synchronized void letGo() {
            try {
                if (!ended || stuck) {
                    held.writeTo(to.getOutputStream());
                }
            } catch (IOException _) {
                ended = true;
            }
            held.reset();
            if (ended) {
                close(!stuck);
            }
            stuck = false;
        }

        void close(boolean byReset) {
            flows.remove(this);
            drop(from, byReset);
            drop(to, byReset);
        }
    }
}
