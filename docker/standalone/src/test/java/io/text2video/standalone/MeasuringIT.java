package io.text2video.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands that measure, on the model that comes with the project. */
@Tag("alone")
class MeasuringIT {
    @TempDir
    Path directory;

    @Test
    void shouldMeasureEveryStage() throws Exception {
        Path file = directory.resolve("bench.json");

        try (var bench =
                launch("bench --steps 3 --frames 9 --height 64 --width 64 --threads 1 --repeat 2 --vae-tiling --json "
                        + file)) {
            assertThat(bench.exitCode()).as(bench.err()).isZero();
            assertThat(bench.out()).contains("of the fastest of 2, after 1 to warm up", "encode", "step", "decode");
        }

        JsonNode report = new ObjectMapper().readTree(Files.readString(file));
        assertThat(report.at("/settings/model").asText()).isEqualTo("cogvideox-tiny");
        assertThat(report.at("/settings/dtype").asText()).isEqualTo("fp32");
        assertThat(report.at("/settings/threads").asInt()).isEqualTo(1);
        assertThat(report.at("/settings/flags/--vae-tiling").isMissingNode()).isFalse();
        assertThat(report.at("/machine/memory_bytes").asLong()).isPositive();
        JsonNode measured = report.path("measurement");
        assertThat(measured.path("runs")).hasSize(2);
        assertThat(measured.path("peak_gpu_bytes").isNull()).isTrue();
        JsonNode fastest = measured.path("fastest");
        assertThat(fastest.path("total_s").asDouble())
                .isEqualTo(StreamSupport.stream(measured.path("runs").spliterator(), false)
                        .mapToDouble(run -> run.path("total_s").asDouble())
                        .min()
                        .orElseThrow());
        assertThat(fastest.path("encode_s").asDouble()).isPositive();
        assertThat(fastest.path("step_s").asDouble())
                .isPositive()
                .isLessThan(fastest.path("denoise_s").asDouble());
        assertThat(measured.path("memory"))
                .extracting(stage -> stage.path("stage").asText())
                .containsExactly("load", "encode", "denoise", "decode");
        assertThat(measured.path("memory"))
                .allSatisfy(stage -> assertThat(stage.path("peak_rss_bytes").asLong())
                        .isPositive()
                        .isLessThanOrEqualTo(measured.path("peak_rss_bytes").asLong()));
    }

    @Test
    void shouldHoldVariantsAgainstTheBaseline() throws Exception {
        // Given
        Path prompts = Files.writeString(
                directory.resolve("prompts.txt"),
                """
                # two of those that the model knows
                a red ball moving left on a black background

                a blue square moving up on a gray background
                """);
        Path file = directory.resolve("quality.json");

        // When
        try (var quality = launch("quality --prompts " + prompts + " --json " + file
                + " --steps 4 --against dtype=fp32 --against num_inference_steps=2")) {
            assertThat(quality.exitCode()).as(quality.err()).isZero();
            assertThat(quality.out()).contains("2 prompts, against dtype=fp32", "num_inference_steps=2");
        }

        // Then the same flags draw the same video, and fewer steps another one
        JsonNode report = new ObjectMapper().readTree(Files.readString(file));
        assertThat(report.path("prompts").asInt()).isEqualTo(2);
        JsonNode same = report.at("/variants/0");
        assertThat(same.path("identical").asInt()).isEqualTo(2);
        assertThat(same.path("mean_psnr").isNull()).isTrue();
        assertThat(same.path("min_ssim").asDouble()).isEqualTo(1, within(1e-9));
        JsonNode fewer = report.at("/variants/1");
        assertThat(fewer.path("identical").asInt()).isZero();
        assertThat(fewer.path("mean_psnr").asDouble()).isBetween(5.0, 40.0);
        assertThat(fewer.path("min_ssim").asDouble()).isLessThan(0.999);
        assertThat(fewer.at("/prompts/1/seed").asLong()).isEqualTo(1);
        assertThat(fewer.at("/prompts/1/prompt").asText()).startsWith("a blue square");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bench --repeat 0",
                "bench --warmup -1",
                "bench --threads 0",
                "bench --json /no/such/directory/x.json"
            })
    void shouldRefuseWrongUsage(String arguments) throws Exception {
        try (var wrong = launch(arguments)) {
            assertThat(wrong.exitCode()).isEqualTo(2);
            assertThat(wrong.err()).contains("text2video: " + arguments.split(" ")[1]);
        }
    }

    private static Launched launch(String arguments) throws Exception {
        return Launched.start(Map.of(), arguments.split(" "));
    }
}
