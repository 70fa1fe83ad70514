package lab.faults;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/// A wire to one port of this machine that can be cut in the ways networks are.
public final class Proxy implements AutoCloseable {
    private final int target;
    private final int port;
    private final Set<Line> lines = ConcurrentHashMap.newKeySet();
    private final AtomicLong bytesLeft = new AtomicLong(Long.MAX_VALUE);
    private volatile boolean hung;
    private volatile int backDelayMillis;
    private ServerSocket server;

    public Proxy(int target) {
        this.target = target;
        listen(0);
        this.port = server.getLocalPort();
    }

    public int port() {
        return port;
    }

    /// From now on everything from the server arrives so much later.
    public void delay(int millis) {
        backDelayMillis = millis;
    }

    /// Ends every connection and takes no new one, until [#open].
    public void refuse() {
        close();
        reset();
    }

    /// Lets nothing through and says nothing, until [#open].
    void hang() {
        hung = true;
    }

    /// Hangs as soon as so many more bytes have gone through, be it in the middle of a message.
    void hangAfter(long bytes) {
        bytesLeft.set(bytes);
    }

    boolean isHung() {
        return hung;
    }

    /// Keeps what it is sent on the connections it has, as a relay that is stuck (a sidecar, a tunnel), and serves new
    /// ones. Delivers it at [#open], also if the sender has given up meanwhile.
    void stick() {
        lines.forEach(line -> line.stuck = true);
    }

    /// Ends the senders' side of those connections, and delivers what they sent at [#open] all the same.
    void hangUp() {
        lines.stream().filter(line -> line.stuck).forEach(line -> drop(line.there.from, true));
    }

    /// Whether this is in what was sent to the server and has not arrived.
    boolean holds(String text) {
        return lines.stream().anyMatch(line -> line.there.held.toString().contains(text));
    }

    /// Ends every connection with a reset; new ones are taken.
    void reset() {
        lines.forEach(line -> line.close(true));
    }

    /// All is well again. What was held arrives late, unless the sender has given up meanwhile: then it never
    /// does, as the system that sends again what was lost forgets it with the connection. A relay forgets nothing.
    public void open() {
        bytesLeft.set(Long.MAX_VALUE);
        hung = false;
        lines.forEach(Line::letGo);
        if (server.isClosed()) {
            listen(port);
        }
    }

    private void listen(int wanted) {
        try {
            server = new ServerSocket(wanted, 1024, InetAddress.getLoopbackAddress());
            ServerSocket accepting = server;
            Thread.ofVirtual().start(() -> accept(accepting));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
            var line = new Line(client, new Socket(InetAddress.getLoopbackAddress(), target));
            lines.add(line);
            Thread.ofVirtual().start(line.there::pump);
            Thread.ofVirtual().start(line.back::pump);
        } catch (IOException _) {
            drop(client, true);
        }
    }

    private static void drop(Socket socket, boolean byReset) {
        try (socket) {
            socket.setSoLinger(byReset, 0);
        } catch (IOException _) {
            // it is closed
        }
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// One connection through the wire.
    private final class Line {
        private final Direction there;
        private final Direction back;
        private volatile boolean stuck;

        Line(Socket client, Socket server) throws IOException {
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            this.there = new Direction(client, server);
            this.back = new Direction(server, client);
        }

        void letGo() {
            boolean delivers = stuck;
            stuck = false;
            if (!there.flush(delivers) || !back.flush(delivers)) {
                close(!delivers);
            }
        }

        void close(boolean byReset) {
            lines.remove(this);
            drop(there.from, byReset);
            drop(back.from, byReset);
        }

        private final class Direction {
            private final Socket from;
            private final Socket to;
            private final ByteArrayOutputStream held = new ByteArrayOutputStream();
            private boolean ended;

            Direction(Socket from, Socket to) {
                this.from = from;
                this.to = to;
            }

            void pump() {
                byte[] buffer = new byte[8192];
                try {
                    for (int n; (n = from.getInputStream().read(buffer)) >= 0; ) {
                        if (this == back) {
                            Thread.sleep(backDelayMillis); // the slow wire itself
                        }
                        pass(buffer, n);
                    }
                } catch (IOException | InterruptedException _) {
                    // one of the two is gone: the other hears of it below
                }
                if (end()) {
                    close(false);
                }
            }

            private synchronized void pass(byte[] bytes, int n) throws IOException {
                int through = 0;
                if (!holds() && held.size() == 0) {
                    through = Math.clamp(n + Math.min(0, bytesLeft.addAndGet(-n)), 0, n);
                    to.getOutputStream().write(bytes, 0, through);
                    hung = hung || through < n;
                }
                held.write(bytes, through, n - through);
            }

            private boolean holds() {
                return hung || stuck;
            }

            /// Whether the other side may hear now that this one has ended: not through a wire that hangs.
            private synchronized boolean end() {
                ended = true;
                return !holds();
            }

            /// Sends what was held, and says whether the connection lives.
            synchronized boolean flush(boolean evenIfEnded) {
                try {
                    if (!ended || evenIfEnded) {
                        held.writeTo(to.getOutputStream());
                    }
                    held.reset();
                    return !ended;
                } catch (IOException _) {
                    return false;
                }
            }
        }
    }
}
