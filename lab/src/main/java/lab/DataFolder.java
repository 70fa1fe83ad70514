package lab;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import lab.stack.Server;
import org.apache.commons.io.FileUtils;
import org.apache.commons.io.IOUtils;

/// The folder that keeps the votes. One launcher uses it at a time, and ends what one that was killed left running.
final class DataFolder implements AutoCloseable {
    private static final int NEEDED_MEGABYTES = 64; // for both stores when they are new

    final Path path;
    private final FileChannel channel;

    /// Takes the folder, and ends what an earlier launcher left running on it.
    ///
    /// @throws IllegalStateException if another launcher is using it
    DataFolder(Path path) throws IOException {
        this.path = Files.createDirectories(path).toRealPath(); // as the system names the programs in it
        channel = FileChannel.open(path.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (channel.tryLock() == null) {
            channel.close();
            throw new IllegalStateException("The system is already running here: end the other ./build.sh up first.");
        }
        List<ProcessHandle> leftovers = running();
        if (!leftovers.isEmpty()) {
            System.out.println("Ending " + leftovers.size() + " processes that an earlier run left behind");
        }
        end(leftovers);
        // PostgreSQL would take a stranger who has its id now for itself, and not start
        Files.deleteIfExists(this.path.resolve("postgresql/postmaster.pid"));
    }

    /// Forgets all votes.
    void empty() throws IOException {
        for (String folder : List.of("redis", "postgresql")) {
            FileUtils.deleteDirectory(path.resolve(folder).toFile());
        }
    }

    /// A line about what failed here; if the disk is nearly full, with the hint that this may be why.
    String explain(String failure) {
        long megabytes = path.toFile().getUsableSpace() >> 20;
        String hint = ". The disk of %s has %d MB left and should have %d: free some.";
        return megabytes < NEEDED_MEGABYTES ? failure + hint.formatted(path, megabytes, NEEDED_MEGABYTES) : failure;
    }

    /// Notes where the stores are, as settings of services, for `./build.sh reset`.
    void noteStores(int redis, int postgres, int lists) throws IOException {
        String settings = "REDIS_HOST=127.0.0.1%nREDIS_PORT=%d%nPGHOST=127.0.0.1%nPGPORT=%d%nQUEUE_PARTITIONS=%d%n";
        Files.writeString(path.resolve("stores"), settings.formatted(redis, postgres, lists));
    }

    /// A flag for the JVM of each service, which the launcher after one that was killed knows it by.
    String mark() {
        return "-Dlab.folder=" + path;
    }

    private List<ProcessHandle> running() {
        return ProcessHandle.allProcesses().filter(this::isOurs).toList();
    }

    /// A Redis whose program lies in this folder, a PostgreSQL that was started on it, a service with our mark.
    private boolean isOurs(ProcessHandle process) {
        Path program = Path.of(process.info().command().orElse(""));
        String line = process.info().commandLine().orElse("");
        return program.startsWith(path)
                || program.endsWith("postgres") && line.contains(" -D " + path.resolve("postgresql") + " ")
                || program.endsWith("java") && line.contains(" " + mark() + " ");
    }

    /// All at once: PostgreSQL waits for those that are connected.
    static void end(List<ProcessHandle> processes) {
        processes.forEach(ProcessHandle::destroy);
        processes.forEach(Server::end);
    }

    /// Gives the folder back; what was just being started when everything was stopped ends too.
    @Override
    public void close() {
        end(running());
        FileUtils.deleteQuietly(path.resolve("stores").toFile());
        IOUtils.closeQuietly(channel);
    }
}
