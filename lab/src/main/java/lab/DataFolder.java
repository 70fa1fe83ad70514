package lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
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

    private final Path path;
    private final Path pids;
    private final FileChannel channel;

    /// Takes the folder, and ends what an earlier launcher left running on it.
    ///
    /// @throws IllegalStateException if another launcher is using it
    DataFolder(Path path) throws IOException {
        this.path = path;
        this.pids = path.resolve("services.pid");
        Files.createDirectories(path);
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

    /// Notes which processes the services are, for the launcher that comes after one that was killed. Redis and
    /// PostgreSQL keep such files themselves.
    void note(List<Service> services) throws IOException {
        Files.write(
                pids,
                services.stream().map(service -> service.process().pid() + "").toList());
    }

    private void endLeftovers() throws IOException {
        List<ProcessHandle> leftovers = new ArrayList<>();
        for (String pid : Files.exists(pids) ? Files.readAllLines(pids) : List.<String>of()) {
            process(pid, ".jar").ifPresent(leftovers::add);
        }
        process(firstLine(path.resolve("redis/redis.pid")), "redis-server").ifPresent(leftovers::add);
        process(firstLine(path.resolve("postgresql/postmaster.pid")), "postgres")
                .ifPresent(leftovers::add);
        if (!leftovers.isEmpty()) {
            System.out.println("Ending " + leftovers.size() + " processes that an earlier run left behind");
        }
        leftovers.forEach(DataFolder::end);
        Files.deleteIfExists(pids);
    }

    private static String firstLine(Path file) throws IOException {
        return Files.exists(file) ? Files.readAllLines(file).getFirst().strip() : "";
    }

    /// The process with this id, if its command shows that the id was not given to a stranger since.
    private static Optional<ProcessHandle> process(String pid, String command) {
        if (!pid.matches("[0-9]+")) {
            return Optional.empty();
        }
        return ProcessHandle.of(Long.parseLong(pid))
                .filter(process -> process.info().commandLine().orElse("").contains(command));
    }

    private static void end(ProcessHandle process) {
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

    /// Gives the folder back, after all processes have ended.
    @Override
    public void close() {
        try {
            Files.deleteIfExists(pids);
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
