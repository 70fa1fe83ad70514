package lab.hostile;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// One connection that sends what it is told, byte for byte, and reads whatever comes back.
final class RawClient implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 60_000;

    /// What came back: a status, the lines of the head, and the body; status 0 if the connection was closed without.
    record Answer(int status, List<String> head, String body) {
        static final Answer CLOSED = new Answer(0, List.of(), "");

        /// The value of the first header of this name, or null.
        String header(String name) {
            return headers(name).stream().findFirst().orElse(null);
        }

        List<String> headers(String name) {
            String start = name.toLowerCase() + ":";
            return head.stream()
                    .filter(line -> line.toLowerCase().startsWith(start))
                    .map(line -> line.substring(start.length()).strip())
                    .toList();
        }

        /// The value that a Set-Cookie gives to this cookie, or null.
        String cookie(String name) {
            return headers("Set-Cookie").stream()
                    .filter(value -> value.startsWith(name + "="))
                    .map(value -> value.substring(name.length() + 1).split(";")[0])
                    .findFirst()
                    .orElse(null);
        }

        String text() {
            return String.join("\n", head) + "\n\n" + body;
        }
    }

    private final Socket socket = new Socket();
    private final InputStream in;

    RawClient(int port) throws IOException {
        this(port, PATIENCE_MILLIS);
    }

    /// @param patienceMillis how long it waits for a byte before that is a failure
    RawClient(int port, int patienceMillis) throws IOException {
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), PATIENCE_MILLIS);
        socket.setSoTimeout(patienceMillis);
        socket.setTcpNoDelay(true);
        in = socket.getInputStream();
    }

    /// For one of thousands, some of which the server closes at once: no error of its connection matters.
    static RawClient careless(int port) throws IOException {
        try {
            return new RawClient(port);
        } catch (SocketException _) {
            return new RawClient();
        }
    }

    private RawClient() {
        in = InputStream.nullInputStream();
    }

    /// Sends as much as the other side takes without being read.
    RawClient sendWhatFits(String bytes) {
        if (socket.isConnected()) {
            Thread.ofVirtual().start(() -> send(bytes)); // closing the socket ends it
        }
        return this;
    }

    /// Sends each character as one byte. A connection that the server has closed is no error here.
    RawClient send(String bytes) {
        try {
            socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
        } catch (IOException _) {
            // it is read below what the server said to it
        }
        return this;
    }

    /// Says that nothing more will come.
    RawClient endOutput() {
        try {
            socket.shutdownOutput();
        } catch (IOException _) {
            // closed by the server already
        }
        return this;
    }

    /// Whether the server has ended the connection, on which it has nothing to say yet.
    boolean isClosed() {
        try {
            socket.setSoTimeout(1);
            try {
                return in.read() < 0;
            } finally {
                socket.setSoTimeout(PATIENCE_MILLIS);
            }
        } catch (SocketTimeoutException _) {
            return false;
        } catch (IOException _) {
            return true; // reset, or never connected
        }
    }

    /// The next answer; interim ones are skipped. `head` says that none has a body.
    Answer read(boolean head) {
        try {
            Answer answer;
            do {
                answer = readOne(head);
            } while (answer.status() >= 100 && answer.status() < 200);
            return answer;
        } catch (SocketTimeoutException e) {
            throw new IllegalStateException("Neither an answer nor an end in time", e);
        } catch (IOException _) {
            return Answer.CLOSED; // reset
        }
    }

    Answer read() {
        return read(false);
    }

    /// Every answer up to the end of the connection.
    List<Answer> readAll() {
        List<Answer> answers = new ArrayList<>();
        for (Answer answer = read(); answer != Answer.CLOSED; answer = read()) {
            answers.add(answer);
        }
        return answers;
    }

    private Answer readOne(boolean isHead) throws IOException {
        List<String> head = new ArrayList<>();
        for (String line = readLine(); line == null || !line.isEmpty(); line = readLine()) {
            if (line == null) {
                return Answer.CLOSED;
            }
            head.add(line);
        }
        int status = Integer.parseInt(head.getFirst().split(" ")[1]);
        var answer = new Answer(status, head, "");
        String length = answer.header("Content-Length");
        byte[] body = isHead || length == null || status == 304 ? new byte[0] : in.readNBytes(Integer.parseInt(length));
        return new Answer(status, head, new String(body, StandardCharsets.UTF_8));
    }

    private String readLine() throws IOException {
        var line = new ByteArrayOutputStream();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                return null;
            }
            line.write(c);
        }
        return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    /// The answer to one request on a connection of its own.
    static Answer ask(int port, String request) throws IOException {
        try (var client = new RawClient(port)) {
            return client.send(request).read(request.startsWith("HEAD "));
        }
    }

    /// A GET with these header lines.
    static String get(String path, String... headers) {
        return "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n" + lines(headers) + "\r\n";
    }

    /// A form, posted as a browser would, with these header lines in addition.
    static String post(String form, String... headers) {
        return "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"
                + lines(headers) + "Content-Length: " + form.length() + "\r\n\r\n" + form;
    }

    static String lines(String... headers) {
        return headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
    }
}
