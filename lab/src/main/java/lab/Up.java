package lab;

import common.Env;
import common.Options;
import common.Outage;
import common.Redis;
import common.SettingException;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import lab.stack.Await;
import lab.stack.Server;
import lab.stack.Service;
import lab.stack.Stack;

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
    private final Map<String, Integer> failedStarts = new HashMap<>();
    private boolean ready;
    private long lastStart = System.nanoTime();
    private int pause;
    private volatile boolean stopping;

    private Up(DataFolder data, Map<String, String> pages) {
        this.data = data;
        this.stack = new Stack(data.path(), pages);
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
            return new Up(data, pages).run(votePort, resultPort, pages.get("VOTE_URL"));
        } catch (IllegalStateException | SettingException e) {
            System.err.println(e.getMessage());
        } catch (IOException e) {
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

    private int run(int votePort, int resultPort, String votePage) throws Exception {
        long start = System.nanoTime();
        add("vote", votePort);
        add("worker", Stack.freePort());
        add("result", resultPort);
        Runtime.getRuntime().addShutdownHook(new Thread(this::stop, "stop"));
        System.out.println("Starting PostgreSQL, Redis and the three services …");
        try {
            stack.startStores(); // first, or all services would begin with complaints that they miss them
        } catch (CompletionException e) {
            if (isStoppingAfter(1)) {
                return CTRL_C;
            }
            throw new IllegalStateException(data.explain(e.getCause().getMessage()), e);
        }
        synchronized (this) { // so that stop() finds all of them or none
            if (stopping) {
                return CTRL_C;
            }
            stack.services().forEach(Service::start);
            data.noteStores(
                    stack.redis.port(), stack.postgres.port(), Redis.from(ENV).partitions());
        }
        Await.until("all are ready", () -> {
            startWhatEnded();
            return stack.services().stream().allMatch(service -> service.unready() == null);
        });
        ready = true;
        var phone = votePage.startsWith("http")
                ? Optional.of(votePage)
                : Phone.host().map(host -> "http://%s:%s".formatted(host, votePage));
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
        while (true) { // also while stop() ends what runs, for whoever returns ends all at once
            startWhatEnded();
            Thread.sleep(100); // before it looks again
        }
    }

    private void add(String name, int port) {
        List<String> flags = new ArrayList<>(List.of(data.mark()));
        String own = name.toUpperCase() + "_JAVA_OPTS";
        if (ENV.has(own)) {
            flags.addAll(List.of(ENV.text(own, "").split("\\s+")));
        }
        stack.add(name, flags, Map.of("PORT", Integer.toString(port)));
    }

    /// Starts again what has ended, as an orchestrator would: after a second at first, then after ever longer pauses,
    /// until none was needed for longer than the longest. Who refuses his settings, or ends at each of his first
    /// starts, ends everything.
    private void startWhatEnded() throws InterruptedException {
        for (Server server : stack.servers()) {
            if (server.isAlive()) {
                continue;
            }
            if (server instanceof Service service && service.exitCode() == BAD_SETTING) {
                System.exit(BAD_SETTING);
            }
            boolean isNew = System.nanoTime() - lastStart > TimeUnit.SECONDS.toNanos(LONGEST_PAUSE_SECONDS);
            pause = isNew ? 1 : Math.clamp(2 * pause, 1, LONGEST_PAUSE_SECONDS);
            if (isStoppingAfter(pause)) {
                return;
            }
            String name = server.name();
            if (!ready
                    && server instanceof Service
                    && failedStarts.merge(name, 1, Integer::sum) == MOST_FAILED_STARTS) {
                throw new IllegalStateException(
                        "%s ended %d times before it was ready, and its lines above say why: if it is its flags, correct %s_JAVA_OPTS."
                                .formatted(name, MOST_FAILED_STARTS, name.toUpperCase()));
            }
            System.out.println(data.explain(name + " ended; it is started again"));
            try {
                server.start();
            } catch (RuntimeException e) {
                System.out.println(data.explain(e.getMessage()));
            }
            lastStart = System.nanoTime();
        }
    }

    /// What has ended may have done so by the Ctrl-C that we shall know of then.
    private boolean isStoppingAfter(long seconds) throws InterruptedException {
        TimeUnit.SECONDS.sleep(seconds);
        return stopping;
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
