package lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import lab.stack.Service;
import lab.stack.Stack;

/// The folder that keeps the votes. One launcher uses it at a time; what one that was killed left running is ended by
/// the next.
final class DataFolder implements AutoCloseable {
    private static final int END_SECONDS = 10;
    private static final int NEEDED_MEGABYTES = 64; // for both stores when they are new

    private final Path path;
    private final Path pids;
    private final Path stores;
    private final Path postmaster;
    private final FileChannel channel;

    /// Takes the folder, and ends what an earlier launcher left running on it.
    ///
    /// @throws IllegalStateException if another launcher is using it
    DataFolder(Path path) throws IOException {
        this.path = Files.createDirectories(path).toRealPath(); // as the system names the programs in it
        this.pids = this.path.resolve("services.pid");
        this.stores = this.path.resolve("stores");
        this.postmaster = this.path.resolve("postgresql/postmaster.pid");
        channel = FileChannel.open(path.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock();
        if (lock == null) {
            channel.close();
            throw new IllegalStateException("The system is already running here: end the other ./build.sh up first.");
        }
        endLeftovers();
    }

    Path path() {
        return path;
    }

    /// Forgets all votes.
    void empty() {
        for (String folder : List.of("redis", "postgresql")) {
            Stack.delete(path.resolve(folder));
        }
    }

    /// A line about what failed here; if the disk is nearly full, with the hint that this may be why.
    String explain(String failure) {
        long megabytes = path.toFile().getUsableSpace() >> 20;
        return megabytes < NEEDED_MEGABYTES
                ? "%s. The disk of %s has %d MB left and should have %d: free some."
                        .formatted(failure, path, megabytes, NEEDED_MEGABYTES)
                : failure;
    }

    /// Notes which processes the services are, for the launcher that comes after one that was killed. Redis and
    /// PostgreSQL keep such files themselves.
    synchronized void note(List<Service> services) throws IOException {
        Files.write(
                pids,
                services.stream().map(service -> identity(service.process())).toList());
    }

    /// Notes where the stores are, as settings of services, for `./build.sh reset`.
    void noteStores(int redis, int postgres, int lists) throws IOException {
        Files.writeString(
                stores,
                "REDIS_HOST=127.0.0.1%nREDIS_PORT=%d%nPGHOST=127.0.0.1%nPGPORT=%d%nQUEUE_PARTITIONS=%d%n"
                        .formatted(redis, postgres, lists));
    }

    /// What no other process has, not even one that was given the same id after a power cut.
    private static String identity(ProcessHandle process) {
        Instant start = process.info().startInstant().orElse(Instant.EPOCH);
        return process.pid() + " " + start + " " + commandLine(process);
    }

    private void endLeftovers() throws IOException {
        List<ProcessHandle> leftovers = running();
        if (!leftovers.isEmpty()) {
            System.out.println("Ending " + leftovers.size() + " processes that an earlier run left behind");
        }
        leftovers.forEach(DataFolder::end);
        if (process(firstLine(postmaster)).filter(other -> !isPostgres(other)).isPresent()) {
            Files.delete(postmaster); // PostgreSQL would take a stranger for itself, and not start
        }
    }

    /// Services as they were noted, a Redis whose program lies in this folder, a PostgreSQL that was started on it.
    private List<ProcessHandle> running() throws IOException {
        List<ProcessHandle> running = new ArrayList<>();
        for (String note : lines(pids)) {
            process(note).filter(process -> identity(process).equals(note)).ifPresent(running::add);
        }
        process(firstLine(path.resolve("redis/redis.pid")))
                .filter(process -> program(process).startsWith(path))
                .ifPresent(running::add);
        process(firstLine(postmaster))
                .filter(DataFolder::isPostgres)
                .filter(process -> commandLine(process).contains(" -D " + postmaster.getParent() + " "))
                .ifPresent(running::add);
        return running;
    }

    private static boolean isPostgres(ProcessHandle process) {
        return program(process).endsWith("postgres");
    }

    private static Path program(ProcessHandle process) {
        return Path.of(process.info().command().orElse(""));
    }

    private static String commandLine(ProcessHandle process) {
        return process.info().commandLine().orElse("");
    }

    private static List<String> lines(Path file) throws IOException {
        return Files.exists(file) ? Files.readAllLines(file) : List.of();
    }

    private static String firstLine(Path file) throws IOException {
        return lines(file).stream().findFirst().orElse("");
    }

    /// The process, if there is one now, whose id begins this line.
    private static Optional<ProcessHandle> process(String line) {
        String pid = line.split(" ")[0];
        return pid.matches("[0-9]+") ? ProcessHandle.of(Long.parseLong(pid)) : Optional.empty();
    }

    static void end(ProcessHandle process) {
        process.destroy();
        try {
            process.onExit().get(END_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException _) {
            process.destroyForcibly();
            process.onExit().join();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Gives the folder back; what was just being started when everything was stopped ends too.
    @Override
    public void close() {
        try {
            running().forEach(DataFolder::end);
            Files.deleteIfExists(pids);
            Files.deleteIfExists(stores);
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
