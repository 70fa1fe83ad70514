package lab.load;

/// What to ask of a server: which requests, over how many connections, how fast and how long.
///
/// @param request what [Requests#of] understands
/// @param rate requests a second, sent on schedule whatever the server does; or 0: each connection sends again as
///     soon as it has its answer, as fast as the server allows
/// @param warmupSeconds at the same load beforehand, not counted
public record Load(int port, String request, int connections, int rate, double warmupSeconds, double seconds)
        implements Fork.Work<LoadResult> {
    boolean isOpen() {
        return rate > 0;
    }

    @Override
    public LoadResult work() throws Exception {
        return new Generator(this).run();
    }
}
