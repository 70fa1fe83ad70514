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
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// One keep-alive HTTP/1.1 connection that sends a request and collects its answer, without pipelining. It knows
/// of HTTP what the servers under test send: a status line and a Content-Length.
final class Connection {
    private static final int TYPICAL_ANSWER = 2048;
    private static final Pattern LENGTH = Pattern.compile("(?i)\ncontent-length: *(\\d+)");

    volatile long due; // when the request on its way was, as System.nanoTime tells
    final SocketChannel channel;
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

    void send(byte[] request) throws IOException {
        in.clear();
        end = 0;
        if (channel.write(ByteBuffer.wrap(request)) < request.length) {
            throw new IOException("a request of " + request.length + " bytes does not fit into an idle socket");
        }
    }

    /// Reads what has come; true when the answer is complete.
    boolean receive() throws IOException {
        if (channel.read(in) < 0) {
            throw new EOFException("the server closed the connection");
        }
        if (end == 0) {
            String answer = new String(in.array(), 0, in.position(), StandardCharsets.ISO_8859_1);
            int blankLine = answer.indexOf("\r\n\r\n");
            if (blankLine >= 0) { // all headers are there
                Matcher length = LENGTH.matcher(answer).region(0, blankLine);
                bodyStart = blankLine + 4;
                end = bodyStart + (length.find() ? Integer.parseInt(length.group(1)) : 0);
            }
        }
        if (!in.hasRemaining()) {
            in = ByteBuffer.allocate(Math.max(2 * in.capacity(), end)).put(in.flip());
        }
        return end > 0 && in.position() >= end;
    }

    boolean isGood() {
        return in.get(9) == '2'; // HTTP/1.1 200
    }

    String body() {
        return new String(in.array(), bodyStart, end - bodyStart, StandardCharsets.UTF_8);
    }
}
