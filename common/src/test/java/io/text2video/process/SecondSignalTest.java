package io.text2video.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SecondSignalTest {
    @ParameterizedTest
    @CsvSource({"TERM, INT, 130", "INT, TERM, 143", "TERM, TERM, 143"})
    void shouldEndAtOnceAtTheSecondSignal(String first, String second, int code) throws Exception {
        // Given a process that was told to end, and is busy with that; who runs tests may have SIGINT ignored
        Process process = new ProcessBuilder(
                        "env",
                        "--default-signal=INT",
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        EndlessShutdown.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (var output = process.inputReader(StandardCharsets.UTF_8)) {
            assertThat(output.readLine()).isEqualTo("running");
            kill(process, first);
            assertThat(output.readLine()).isEqualTo("ending");

            // When it is told again
            kill(process, second);

            // Then it is gone
            assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
            assertThat(process.exitValue()).isEqualTo(code);
        } finally {
            process.destroyForcibly();
        }
    }

    private static void kill(Process process, String signal) throws IOException, InterruptedException {
        int code = new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                .start()
                .waitFor();
        assertThat(code).isZero();
    }
}
