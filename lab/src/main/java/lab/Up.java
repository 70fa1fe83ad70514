package lab;

import common.Env;
import common.Options;
import common.Outage;
import common.SettingException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import lab.stack.Server;
import lab.stack.Service;
import lab.stack.Stack;
import org.apache.commons.lang3.function.Failable;

/// `./build.sh up`: the whole system until Ctrl-C. The votes stay in `lab/data` for the next time.
final class Up {
    private static final int BAD_SETTING = 2;
    private static final int CTRL_C = 130;
    private static final int LONGEST_PAUSE_SECONDS = 30;
    private static final int MOST_FAILED_STARTS = 3;
    private static final Env ENV = new Env(System.getenv());
    private static final Path DATA = Path.of(
            System.getProperty("lab.data", Stack.root().resolve("lab/data").toString()));

    private final DataFolder data;
    private final Stack stack;
    private volatile boolean ready;
    private volatile boolean stopping;

    private Up(DataFolder data, Map<String, String> pages) {
        this.data = data;
        this.stack = new Stack(data.path, pages);
    }

    /// Returns the exit code.
    static int run(boolean fresh) throws Exception {
        try (var data = new DataFolder(DATA)) {
            int votePort = freePort("VOTE_PORT", 5000);
            int resultPort = freePort("RESULT_PORT", 5001);
            if (resultPort == votePort) {
                throw new SettingException(
                        "RESULT_PORT", resultPort + " is VOTE_PORT too: each page needs a port of its own");
            }
            Options.from(ENV); // a refused start forgets nothing
            var pages = Map.of("VOTE_URL", page("VOTE_URL", votePort), "RESULT_URL", page("RESULT_URL", resultPort));
            if (fresh) {
                data.empty();
            }
            return new Up(data, pages).run(votePort, resultPort);
        } catch (IllegalStateException | SettingException e) {
            System.err.println(e.getMessage());
        } catch (IOException | UncheckedIOException e) {
            System.err.printf(
                    "%s cannot be written: make it writable, or use a copy of this checkout (%s)%n",
                    DATA, Outage.reason(e));
        }
        return BAD_SETTING;
    }

    private static int freePort(String setting, int fallback) {
        int port = ENV.port(setting, fallback);
        try (var socket = new ServerSocket(port)) {
            return socket.getLocalPort();
        } catch (IOException _) {
            throw new SettingException(
                    setting,
                    "%d is taken: choose another, as in %s=%d ./build.sh up".formatted(port, setting, port + 50));
        }
    }

    private static String page(String setting, int port) {
        ENV.page(setting);
        return ENV.text(setting, Integer.toString(port));
    }

    private int run(int votePort, int resultPort) throws Exception {
        long start = System.nanoTime();
        add("vote", votePort);
        add("worker", Stack.freePort());
        add("result", resultPort);
        Runtime.getRuntime().addShutdownHook(new Thread(this::stop, "stop"));
        System.out.println("Starting PostgreSQL, Redis and the three services …");
        try {
            stack.startStores(); // first, or all services would begin with complaints that they miss them
        } catch (CompletionException e) {
            TimeUnit.SECONDS.sleep(1); // after which we know of the Ctrl-C that may have ended it
            if (stopping) {
                return CTRL_C;
            }
            throw new IllegalStateException(data.explain(e.getCause().getMessage()), e);
        }
        synchronized (this) { // so that stop() finds all of them or none
            if (stopping) {
                return CTRL_C;
            }
            stack.services().forEach(Service::start);
            data.noteStores(stack.redis.port(), stack.postgres.port(), ENV.number("QUEUE_PARTITIONS", 1, 1, 100));
        }
        List<Thread> watchers = stack.servers().stream().map(this::watch).toList();
        stack.awaitReady();
        ready = true;
        String page = ENV.text("VOTE_URL", Integer.toString(votePort));
        Optional<String> phone = page.startsWith("http")
                ? Optional.of(page)
                : Phone.host().map(host -> "http://%s:%s".formatted(host, page));
        System.out.printf(
                """

                Ready after %.1f s. Redis is on port %d, PostgreSQL on port %d. Ctrl-C stops everything.
                The votes stay for the next time: ./build.sh reset forgets them.

                %sVote at          http://localhost:%d
                Watch the result http://localhost:%d
                Vote by phone    %s

                """,
                (System.nanoTime() - start) / 1e9,
                stack.redis.port(),
                stack.postgres.port(),
                phone.isPresent() && Phone.canShowQrCode() ? Phone.qrCode(phone.get()) + "\n" : "",
                votePort,
                resultPort,
                phone.orElse("not now: this machine is in no local network"));
        for (Thread watcher : watchers) {
            watcher.join();
        }
        return CTRL_C;
    }

    private void add(String name, int port) {
        List<String> flags = new ArrayList<>(List.of(data.mark()));
        String own = name.toUpperCase() + "_JAVA_OPTS";
        if (ENV.has(own)) {
            flags.addAll(List.of(ENV.text(own, "").split("\\s+")));
        }
        stack.add(name, flags, Map.of("PORT", Integer.toString(port)));
    }

    private Thread watch(Server server) {
        return Thread.ofPlatform().name("watch " + server.name()).start(Failable.asRunnable(() -> keepRunning(server)));
    }

    /// Starts a part again whenever it ends, as an orchestrator would: after a second at first, then after ever longer
    /// pauses, until it has run for longer than the longest. A service that refuses its settings, or that ends at
    /// each of its first starts, ends everything.
    private void keepRunning(Server server) throws InterruptedException {
        long pause = 1;
        int failedStarts = 0;
        while (true) {
            long start = System.nanoTime();
            server.process().onExit().join();
            if (server instanceof Service service && service.exitCode() == BAD_SETTING) {
                System.exit(BAD_SETTING);
            }
            if (System.nanoTime() - start > TimeUnit.SECONDS.toNanos(LONGEST_PAUSE_SECONDS)) {
                pause = 1;
            }
            TimeUnit.SECONDS.sleep(pause); // after which we know of the Ctrl-C that may have ended it
            if (stopping) {
                return;
            }
            if (!ready && server instanceof Service && ++failedStarts == MOST_FAILED_STARTS) {
                System.err.printf(
                        "%s ended %d times before it was ready, and its lines above say why: if it is its flags, correct %s_JAVA_OPTS.%n",
                        server.name(), failedStarts, server.name().toUpperCase());
                System.exit(BAD_SETTING);
            }
            pause = Math.min(2 * pause, LONGEST_PAUSE_SECONDS);
            System.out.println(data.explain(server.name() + " ended; it is started again"));
            try {
                server.start();
            } catch (RuntimeException e) {
                System.out.println(data.explain(e.getMessage()));
            }
        }
    }

    private void stop() {
        synchronized (this) {
            stopping = true;
        }
        System.out.println("Stopping …");
        stack.close();
        DataFolder.end(ProcessHandle.current().descendants().toList()); // a PostgreSQL that is being made
        data.close();
    }
}
