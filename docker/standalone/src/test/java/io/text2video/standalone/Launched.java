package io.text2video.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;

/** A {@code ./text2video} that a test has started, as a user would. Its process is gone when this is closed. */
final class Launched implements AutoCloseable {
    static final Path HOME = Path.of("../..").toAbsolutePath().normalize();
    private static final Duration LIMIT = Duration.ofMinutes(5);

    private final Process process;
    private final Path out;
    private final Path err;

    private Launched(Process process, Path out, Path err) {
        this.process = process;
        this.out = out;
        this.err = err;
    }

    static Launched start(Map<String, String> environment, String... arguments) throws IOException {
        return fed(environment, "", arguments);
    }

    /** @param input what the command reads from stdin */
    static Launched fed(Map<String, String> environment, String input, String... arguments) throws IOException {
        Path logs = Files.createDirectories(Path.of("target", "launched"));
        Path out = Files.createTempFile(logs, arguments[0].replaceAll("\\W", ""), ".out");
        Path err = Files.createTempFile(logs, arguments[0].replaceAll("\\W", ""), ".err");
        // Whoever runs the tests in the background has SIGINT ignored, and children inherit that.
        List<String> command = new ArrayList<>(List.of(
                "env", "--default-signal=INT", HOME.resolve("text2video").toString()));
        command.addAll(List.of(arguments));
        var builder = new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
        // Unless a test is about keys.
        builder.environment().put("GATEWAY_ACCESS", "off");
        builder.environment().putAll(environment);
        Process process = builder.start();
        try (var stdin = process.getOutputStream()) {
            stdin.write(input.getBytes(StandardCharsets.UTF_8));
        }
        return new Launched(process, out, err);
    }

    /** Waits for its end. */
    int exitCode() throws InterruptedException {
        if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("still running after " + LIMIT + ": " + process.info());
        }
        return process.exitValue();
    }

    /** Waits for {@code serve} to tell where its gateway is. */
    String awaitGateway() throws IOException {
        return awaitAddress("gateway");
    }

    /** The same of another of its parts. */
    String awaitAddress(String part) throws IOException {
        Pattern line = Pattern.compile("(?m)^" + part + " +(\\S+)");
        Awaitility.await().atMost(LIMIT).until(() -> line.matcher(out()).find() || !isAlive());
        Matcher told = line.matcher(out());
        assertThat(told.find()).as(err()).isTrue();
        return told.group(1);
    }

    String out() throws IOException {
        return Files.readString(out);
    }

    String err() throws IOException {
        return Files.readString(err);
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** kill -9. */
    void kill() {
        process.destroyForcibly();
    }

    /** SIGTERM, as a container's stop. */
    void terminate() {
        process.destroy();
    }

    /** SIGINT, as Ctrl-C. */
    void interrupt() throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
    }

    @Override
    public void close() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(1, TimeUnit.MINUTES)) {
            process.destroyForcibly().waitFor();
        }
    }
}
