package lab.load;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// One keep-alive HTTP/1.1 connection that sends a request and collects its answer, without pipelining. It knows
/// of HTTP what the servers under test send: a status line and a Content-Length.
final class Connection {
    private static final int TYPICAL_ANSWER = 2048;

    /// When the request on its way was due; [System#nanoTime].
    volatile long due;

    private final SocketChannel channel;
    private ByteBuffer in = ByteBuffer.allocate(TYPICAL_ANSWER);
    private int bodyStart;
    private int end;

    /// Connects, and lets the selector say when an answer comes.
    Connection(int port, Selector selector) throws IOException {
        channel = SocketChannel.open(new InetSocketAddress("127.0.0.1", port));
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.configureBlocking(false);
        channel.register(selector, SelectionKey.OP_READ, this);
        selector.wakeup();
    }

    void send(ByteBuffer request) throws IOException {
        in.clear();
        end = 0;
        channel.write(request);
        if (request.hasRemaining()) {
            throw new IOException("a request of " + request.limit() + " bytes does not fit into an idle socket");
        }
    }

    /// Reads what has come; true when the answer is complete.
    boolean receive() throws IOException {
        if (channel.read(in) < 0) {
            throw new EOFException("the server closed the connection");
        }
        if (end == 0) {
            findEnd();
        }
        if (!in.hasRemaining()) {
            in = ByteBuffer.allocate(Math.max(2 * in.capacity(), end)).put(in.flip());
        }
        return end > 0 && in.position() >= end;
    }

    int status() {
        return 100 * (in.get(9) - '0') + 10 * (in.get(10) - '0') + in.get(11) - '0'; // HTTP/1.1 200
    }

    boolean isGood() {
        return status() / 100 == 2 || status() == 304;
    }

    String body() {
        return new String(in.array(), bodyStart, end - bodyStart, StandardCharsets.UTF_8);
    }

    boolean hasBody(byte[] body) {
        return Arrays.equals(in.array(), bodyStart, end, body, 0, body.length);
    }

    void close() {
        try {
            channel.close();
        } catch (IOException _) {
            // it is of no use any more, which is why it is closed
        }
    }

    /// Sets where the body starts and ends, once all headers are there.
    private void findEnd() {
        byte[] bytes = in.array();
        int line = 0;
        int length = 0;
        for (int i = 0; i + 1 < in.position(); i++) {
            if (bytes[i] != '\r' || bytes[i + 1] != '\n') {
                continue;
            }
            if (i == line) {
                bodyStart = i + 2;
                end = bodyStart + length;
                return;
            }
            if (i > line + 15 && (bytes[line + 8] | 0x20) == 'l' && bytes[line + 14] == ':') { // content-length:
                length = Integer.parseInt(new String(bytes, line + 15, i - line - 15).strip());
            }
            line = i + 2;
        }
    }
}
