package lab.hostile;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import lab.stack.Await;
import lab.stack.Service;
import lab.stack.TestSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// More clients than file descriptors: those that find no room are closed, and when they are gone all is as before.
class DescriptorsTest {
    private static final int DESCRIPTORS = 200;
    private static final int ROOM = DESCRIPTORS - 100; // those are for jars, the log, the neighbours
    private static final int CLIENTS = 2 * DESCRIPTORS;

    /// Otherwise a busy machine could need longer than a request may.
    private static final List<String> PATIENT = List.of("-Dsun.net.httpserver.maxReqTime=60");

    @TempDir
    Path folder;

    @Test
    void aShortageBeforeTheVeryFirstAnswerAndLaterOnesAreOverWhenTheClientsAreGone() throws Exception {
        try (var system = new TestSystem(Map.of())) {
            Service vote = system.stack.add("vote", PATIENT, Map.of()).launchedBy(javaWithFewDescriptors());
            vote.start();
            Await.until(
                    "it listens, and has answered nobody",
                    () -> system.log.stream().anyMatch(line -> line.contains("Ready on port")));
            assertEquals(ROOM, answersToAllAtOnce(vote.port()));
            Await.until("it answers a new client", () -> ok(vote.port()));
            Await.until("there is room for as many again", () -> answersToAllAtOnce(vote.port()) == ROOM);
            Await.until("it answers a new client", () -> ok(vote.port()));
            assertEquals(List.of(), system.stackTraces());
        }
    }

    private Path javaWithFewDescriptors() throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Path script = folder.resolve("java");
        Files.writeString(script, """
                #!/bin/bash
                ulimit -n %d
                exec "%s" "$@"
                """.formatted(DESCRIPTORS, java));
        return Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
    }

    /// How many of the clients are answered who are there at the same time: none has sent all of its request before
    /// each is let in or sent away, or one could take the place of another that has its answer.
    private static int answersToAllAtOnce(int port) throws IOException {
        List<RawClient> clients = new ArrayList<>();
        try {
            String request = RawClient.get("/livez");
            String end = "\r\n";
            for (int i = 0; i < CLIENTS; i++) {
                clients.add(RawClient.careless(port).send(request.substring(0, request.length() - end.length())));
            }
            Await.until(
                    "all are let in or sent away",
                    () -> clients.stream().filter(RawClient::isClosed).count() >= CLIENTS - ROOM);
            clients.forEach(client -> client.send(end));
            int answers = 0;
            for (RawClient client : clients) {
                answers += client.read().status() == 200 ? 1 : 0;
            }
            return answers;
        } finally {
            for (RawClient client : clients) {
                client.close();
            }
        }
    }

    private static boolean ok(int port) {
        try {
            return RawClient.ask(port, RawClient.get("/livez")).status() == 200;
        } catch (IOException _) {
            return false; // no room yet
        }
    }
}
