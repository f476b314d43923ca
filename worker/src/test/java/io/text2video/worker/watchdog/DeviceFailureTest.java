package io.text2video.worker.watchdog;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes of their own whose device fails. */
@Tag("slow")
class DeviceFailureTest {
    private static final long PATIENCE_SECONDS = 60;

    @TempDir
    Path directory;

    @Test
    void shouldEndTheProcessOnceItsJobsAreHandedOn() throws Exception {
        // When
        String said = run("PT1H", "ends");

        // Then nothing of the device was freed
        assertThat(said.lines().filter(line -> !line.contains("ERROR")))
                .containsExactly("step 1", "job released: linear: CUDA error: unspecified launch failure");
        assertThat(said).containsOnlyOnce("device failed, the process ends exit=71");
    }

    @Test
    void shouldEndTheProcessThatDoesNotComeToItsEnd() throws Exception {
        // With the time to hand its jobs on before that.
        assertThat(run("PT10S", "hangs")).contains("job released");
    }

    private String run(String limit, String end) throws Exception {
        Process worker = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        FailingDevice.class.getName(),
                        limit,
                        end)
                .redirectError(directory.resolve("errors").toFile())
                .start();
        try {
            String said = new String(worker.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(worker.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
            assertThat(worker.exitValue())
                    .as(Files.readString(directory.resolve("errors")))
                    .isEqualTo(ProcessEnd.DEVICE_FAILED);
            return said;
        } finally {
            worker.destroyForcibly();
        }
    }
}
