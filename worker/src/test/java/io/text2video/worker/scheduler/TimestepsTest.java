package io.text2video.worker.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.text2video.worker.Reference;
import io.text2video.worker.config.PipelineConfig;
import io.text2video.worker.kernels.Kernels;
import io.text2video.worker.kernels.MemoryScope;
import io.text2video.worker.kernels.Tensor;
import io.text2video.worker.kernels.TensorKernels;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Steps on timesteps of the caller's choice: by {@code vectors.py} in NumPy, and by the scheduler's own spacing. */
class TimestepsTest {
    private static final Path VECTORS = Path.of("src/test/resources/scheduler/vectors.json");
    private static final int SIZE = 16;
    private static Kernels kernels;

    @BeforeAll
    static void loadKernels() throws IOException {
        kernels = Kernels.load();
    }

    @AfterAll
    static void closeKernels() {
        kernels.close();
    }

    static Stream<JsonNode> vectors() throws IOException {
        return StreamSupport.stream(
                new ObjectMapper().readTree(VECTORS.toFile()).spliterator(), false);
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void shouldComeToWhatThePapersSay(JsonNode vector) throws IOException {
        // Given
        List<Integer> timesteps = StreamSupport.stream(vector.get("timesteps").spliterator(), false)
                .map(JsonNode::asInt)
                .toList();
        String kind = vector.get("checkpoint").asText();

        // When
        List<float[]> latents = latents(kind, timesteps.size(), timesteps);

        // Then
        for (int i = 0; i < timesteps.size(); i++) {
            JsonNode expected = vector.get("latents").get(i);
            Reference.assertClose(
                    "%s of %s, step %d".formatted(kind, timesteps, i), latents.get(i), floats(expected), 2e-6);
        }
    }

    @ParameterizedTest
    @CsvSource({"2b, 50", "2b, 25", "2b, 4", "5b, 50", "5b, 4", "5b, 1"})
    void shouldComeToTheSameBitsAsTheSchedulersOwnTimesteps(String kind, int count) throws IOException {
        // Given
        List<Integer> timesteps =
                IntStream.range(0, count).mapToObj(i -> 999 - i * 1000 / count).toList();

        // When, Then
        assertThat(latents(kind, count, timesteps))
                .usingElementComparator(Arrays::compare)
                .isEqualTo(latents(kind, count, List.of()));
    }

    /** After each step. */
    private static List<float[]> latents(String kind, int count, List<Integer> timesteps) throws IOException {
        Scheduler scheduler =
                Scheduler.of(PipelineConfig.read(Reference.checkpoint(kind)).scheduler());
        List<float[]> latents = new ArrayList<>();
        try (MemoryScope scope = kernels.openScope()) {
            NoiseSource noise = (owner, shape) -> wave(owner, latents.size(), 2);
            Tensor sample = wave(scope, 0, 0);
            try (Trajectory trajectory = scheduler.start(scope, new Steps(count, timesteps, 0), noise)) {
                for (int i = 0; i < trajectory.length(); i++) {
                    sample = trajectory.step(scope, i, sample, wave(scope, i, 1));
                    latents.add(TensorKernels.toFloats(scope, sample));
                }
            }
        }
        return latents;
    }

    /** As in {@code vectors.py}. */
    private static Tensor wave(MemoryScope scope, int step, int kind) {
        float[] values = new float[SIZE];
        for (int i = 0; i < SIZE; i++) {
            values[i] = (float) (Math.sin(1.7 * i + 0.9 * step + 2.3 * kind) * 1.5);
        }
        return TensorKernels.ofFloats(scope, values, 1, 1, 1, 4, 4);
    }

    private static float[] floats(JsonNode values) {
        float[] floats = new float[values.size()];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) values.get(i).asDouble();
        }
        return floats;
    }
}
