package lab.bench;

import lab.load.Fork;
import lab.load.Load;

/// Votes at a steady rate while something else is measured, from a process of their own.
final class Background implements AutoCloseable {
    private static final int AT_MOST_SECONDS = 300;
    private static final int CONNECTIONS = 64;

    private final Fork fork;

    private Background(Fork fork) {
        this.fork = fork;
    }

    /// Goes on until it is closed; a rate of 0 is nobody.
    static Background votes(int port, int rate) throws Exception {
        if (rate == 0) {
            return new Background(null);
        }
        var load = new Load(port, "votes", CONNECTIONS, rate, 0, AT_MOST_SECONDS);
        return new Background(Fork.start(load));
    }

    @Override
    public void close() {
        if (fork != null) {
            fork.close();
        }
    }
}
