// A console consumer that lives in a process of its own, as a member of a group, until it is closed.
package compat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

final class Live implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 20;
    /** Ends it where the program that began it is no more. */
    private static final String ALONE_MS = "300000";

    private final Process process;
    private final Path output;

    Live(Steps steps, String group, String topic, String client, String... more) throws IOException {
        output = Files.createTempFile("klamm-tools", ".out");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx128m", "-XX:TieredStopAtLevel=1", "-cp",
                System.getProperty("java.class.path"), Names.CONSUMER, "--bootstrap-server", steps.bootstrap, "--topic", topic,
                "--group", group, "--from-beginning", "--timeout-ms", ALONE_MS, "--command-property", "client.id=" + client,
                "--command-property", "heartbeat.interval.ms=100", "--command-property", "session.timeout.ms=6000"));
        Arrays.stream(more).forEach(property -> command.addAll(List.of("--command-property", property)));
        process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile()).start();
    }

    /** Waits until it has ended by itself; the errors it told. */
    String ended() throws Exception {
        Steps.await("the consumer ends", () -> !process.isAlive());
        return Tool.errorNames(Files.readString(output, StandardCharsets.UTF_8)).toString();
    }

    /** Stops it in order: it leaves its group, unless it is a static member. */
    @Override
    public void close() throws IOException {
        process.destroy();
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException stopped) {
            process.destroyForcibly();
        }
        Files.deleteIfExists(output);
    }
}
