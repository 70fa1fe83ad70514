package lab.jvm;

import com.sun.net.httpserver.HttpContext;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsServer;
import com.sun.net.httpserver.spi.HttpServerProvider;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;

/// The JDK's HTTP server, whose requests are handled by the threads that the property `lab.threads` names, whatever the
/// service asked for: `virtual`, a fixed pool of a number, or `default`, which is the server's own and only one.
public final class Threads extends HttpServerProvider {
    @Override
    public HttpServer createHttpServer(InetSocketAddress address, int backlog) throws IOException {
        HttpServer server = jdk().createHttpServer(address, backlog);
        server.setExecutor(executor(System.getProperty("lab.threads")));
        return new FixedExecutor(server);
    }

    @Override
    public HttpsServer createHttpsServer(InetSocketAddress address, int backlog) throws IOException {
        return jdk().createHttpsServer(address, backlog);
    }

    private static HttpServerProvider jdk() {
        try {
            return (HttpServerProvider) Class.forName("sun.net.httpserver.DefaultHttpServerProvider")
                    .getConstructor()
                    .newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Executor executor(String threads) {
        return switch (threads) {
            case "virtual" -> Executors.newVirtualThreadPerTaskExecutor();
            case "default" -> null;
            default -> Executors.newFixedThreadPool(Integer.parseInt(threads));
        };
    }

    /// Lets everything through but [#setExecutor].
    private static final class FixedExecutor extends HttpServer {
        private final HttpServer server;

        FixedExecutor(HttpServer server) {
            this.server = server;
        }

        @Override
        public void setExecutor(Executor executor) {
            // this is what the service asked for, and what the experiment is about
        }

        @Override
        public Executor getExecutor() {
            return server.getExecutor();
        }

        @Override
        public void bind(InetSocketAddress address, int backlog) throws IOException {
            server.bind(address, backlog);
        }

        @Override
        public void start() {
            server.start();
        }

        @Override
        public void stop(int delay) {
            server.stop(delay);
        }

        @Override
        public HttpContext createContext(String path, HttpHandler handler) {
            return server.createContext(path, handler);
        }

        @Override
        public HttpContext createContext(String path) {
            return server.createContext(path);
        }

        @Override
        public void removeContext(String path) {
            server.removeContext(path);
        }

        @Override
        public void removeContext(HttpContext context) {
            server.removeContext(context);
        }

        @Override
        public InetSocketAddress getAddress() {
            return server.getAddress();
        }
    }
}
