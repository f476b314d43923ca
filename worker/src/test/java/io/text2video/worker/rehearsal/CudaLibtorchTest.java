package io.text2video.worker.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;

import io.text2video.worker.Reference;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** The libtorch and the native part of DJL that the CUDA image has, on a machine without a GPU. */
@Tag("slow")
@EnabledIfSystemProperty(
        named = CudaLibtorchTest.FOLDER,
        matches = ".+",
        disabledReason = "-Dcuda.libtorch is not given: the folder that worker/src/test/native/cuda-libtorch prints")
class CudaLibtorchTest {
    static final String FOLDER = "cuda.libtorch";

    @TempDir
    Path directory;

    @Test
    void shouldDrawOnTheCpuWhatTheCpusOwnBuildDraws() throws IOException, InterruptedException {
        // Given
        Path expected = directory.resolve("cpu");
        Path actual = directory.resolve("cuda");
        Map<String, String> cuda = Map.of(
                "PYTORCH_LIBRARY_PATH",
                System.getProperty(FOLDER),
                "PYTORCH_VERSION",
                "2.7.1",
                "PYTORCH_FLAVOR",
                "cu128");

        // When
        String byCpuBuild = TracingProcess.run(Reference.TINY_CHECKPOINT, expected, Map.of());
        String byCudaBuild = TracingProcess.run(Reference.TINY_CHECKPOINT, actual, cuda);

        // Then
        assertThat(byCpuBuild).startsWith("exit code 0\n").doesNotContain("libtorch_cuda.so");
        assertThat(byCudaBuild)
                .startsWith("exit code 0\n")
                .contains("torch/lib/libtorch_cuda.so", "cu128", "loaded the kernels of a GPU");
        assertThat(actual).hasSameBinaryContentAs(expected);
    }
}
