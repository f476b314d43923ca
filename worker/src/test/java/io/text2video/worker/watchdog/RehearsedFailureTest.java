package io.text2video.worker.watchdog;

import static org.assertj.core.api.Assertions.assertThat;

import io.text2video.worker.Reference;
import io.text2video.worker.rehearsal.Rehearsed;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Processes of their own whose rehearsed GPU breaks in one of its operations, and fails from then on. */
@Tag("slow")
@Rehearsed
class RehearsedFailureTest {
    private static final long PATIENCE_SECONDS = 300;

    @TempDir
    Path directory;

    /** While the prompt is encoded, in a step, while latents are decoded. */
    @ParameterizedTest
    @ValueSource(strings = {"aten::index_select", "aten::addcmul:20", "aten::convolution"})
    void shouldEndTheProcessWhoseGpuBroke(String operation) throws Exception {
        // When
        Ended ended = draw(operation);

        // Then
        assertThat(ended.exitCode).as(ended.said).isEqualTo(ProcessEnd.DEVICE_FAILED);
        assertThat(ended.said)
                .contains("job released: Optional[RuntimeError: CUDA error: an illegal memory access was encountered]")
                .contains("stops")
                .doesNotContain("drawn");
    }

    @Test
    void shouldDrawOnAGpuThatDoesNotBreak() throws Exception {
        Ended ended = draw("");

        assertThat(ended.exitCode).as(ended.said).isZero();
        assertThat(ended.said).contains("step 5", "drawn").doesNotContain("stops");
    }

    private record Ended(int exitCode, String said) {}

    private Ended draw(String operation) throws Exception {
        ProcessBuilder process = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-Dai.djl.offline=true",
                        "-cp",
                        System.getProperty("java.class.path"),
                        BreakingGpu.class.getName(),
                        Reference.TINY_CHECKPOINT.toString())
                .redirectError(directory.resolve("errors").toFile());
        process.environment().put("REHEARSED_CUDA_FAIL", operation);
        Process worker = process.start();
        try {
            String said = new String(worker.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(worker.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
            return new Ended(worker.exitValue(), said);
        } finally {
            worker.destroyForcibly();
        }
    }
}
