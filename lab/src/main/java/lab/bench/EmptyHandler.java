package lab.bench;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.Executors;

/// The ceiling for the pages: the same server, with the settings ours has, that does nothing but answer with a
/// body of the same size.
public final class EmptyHandler {
    private static final int BACKLOG = 1024;

    private EmptyHandler() {}

    /// @param args the port, and the body's size in bytes
    static void main(String[] args) throws IOException {
        System.setProperty("sun.net.httpserver.nodelay", "true");
        System.setProperty("sun.net.httpserver.maxIdleConnections", "10000");
        byte[] body = "x".repeat(Integer.parseInt(args[1])).getBytes();
        var server = HttpServer.create(new InetSocketAddress(Integer.parseInt(args[0])), BACKLOG);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", exchange -> answer(exchange, body));
        server.start();
    }

    private static void answer(HttpExchange exchange, byte[] body) throws IOException {
        try (exchange) {
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        }
    }
}
