package io.text2video.gateway.maintenance;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;

/** A process of its own that wants to lead. Asked by a line, it answers by one. */
final class GatewayProcess implements AutoCloseable {
    private final Process process;
    private final BufferedReader answers;

    private GatewayProcess(Process process) {
        this.process = process;
        answers = process.inputReader(StandardCharsets.UTF_8);
    }

    static GatewayProcess start(Map<String, Object> kafka, Duration session) throws IOException {
        return new GatewayProcess(new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-Xmx128m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        GatewayProcess.class.getName(),
                        kafka.get("bootstrap.servers").toString(),
                        session.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start());
    }

    public static void main(String... arguments) throws IOException {
        try (var leadership = Leadership.seek(Map.of("bootstrap.servers", arguments[0]), Duration.parse(arguments[1]));
                var questions = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            while (questions.readLine() != null) {
                System.out.println("leader " + leadership.isLeader());
            }
        }
    }

    boolean isLeader() {
        try {
            process.getOutputStream().write('\n');
            process.getOutputStream().flush();
            while (true) {
                String line = answers.readLine();
                if (line == null) {
                    throw new IllegalStateException("the process has ended: " + process);
                }
                if (line.startsWith("leader ")) {
                    return line.endsWith("true");
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As {@code kill} does. */
    void signal(String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .inheritIO()
                .start()
                .waitFor();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
