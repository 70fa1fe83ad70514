package lab.bench;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.Executors;
import lab.load.Fork;

/// The ceiling for the pages: the same server, as fast as our settings make it, that does nothing but give this answer.
record EmptyHandler(String answer) implements Fork.Work<Integer> {
    @Override
    public Integer work() throws IOException {
        System.setProperty("sun.net.httpserver.nodelay", "true");
        System.setProperty("sun.net.httpserver.maxIdleConnections", "10000");
        byte[] body = answer.getBytes();
        var server = HttpServer.create(new InetSocketAddress(0), 1024);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", exchange -> {
            try (exchange) {
                exchange.sendResponseHeaders(200, body.length);
                exchange.getResponseBody().write(body);
            }
        });
        server.start();
        return server.getAddress().getPort();
    }
}
