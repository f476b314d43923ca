package io.text2video.worker.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import io.text2video.worker.Reference;
import io.text2video.worker.config.PipelineConfig;
import io.text2video.worker.kernels.DType;
import io.text2video.worker.kernels.Generator;
import io.text2video.worker.kernels.Kernels;
import io.text2video.worker.kernels.MemoryScope;
import io.text2video.worker.kernels.Tensor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CogVideoXDPMSchedulerTest {
    private final Reference golden = Reference.golden("5b");

    @Test
    void shouldVisitTheTimestepsThatTheReferenceVisits() throws IOException {
        // When
        List<DpmStep> steps = scheduler().steps(Steps.of(Integer.parseInt(golden.metadata("steps"))));

        // Then
        float[] timesteps = golden.floats("timesteps");
        assertThat(steps).hasSameSizeAs(timesteps);
        for (int i = 0; i < timesteps.length; i++) {
            assertThat(steps.get(i).timestep()).isEqualTo((int) timesteps[i]);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 50, 61, 103, 499, 1000})
    void shouldHaveAsManyFiniteStepsAsAskedFor(int count) throws IOException {
        // When
        List<DpmStep> steps = scheduler().steps(Steps.of(count));

        // Then
        assertThat(steps).hasSize(count).extracting(DpmStep::timestep).allMatch(t -> t >= 0 && t < 1000);
        assertThat(steps)
                .allMatch(step -> Double.isFinite(step.keep())
                        && Double.isFinite(step.add())
                        && Double.isFinite(step.spread())
                        && Double.isFinite(step.now())
                        && Double.isFinite(step.before()));
    }

    @Test
    void shouldDrawAndDiscardOnceAtEachStepButTheFirstAndTheLast() throws IOException {
        // Given
        List<Integer> draws = new ArrayList<>();
        try (Kernels kernels = Kernels.load();
                MemoryScope scope = kernels.openScope();
                Generator generator = Generator.seeded(scope, 0)) {
            NoiseSource noise = (owner, shape) -> {
                draws.set(draws.size() - 1, draws.get(draws.size() - 1) + 1);
                return generator.randn(owner, DType.F32, shape);
            };
            Tensor latents = generator.randn(scope, DType.F32, 1, 1, 2, 4, 4);

            // When
            try (Trajectory trajectory = scheduler().start(scope, Steps.of(50), noise)) {
                for (int i = 0; i < trajectory.length(); i++) {
                    draws.add(0);
                    latents = trajectory.step(scope, i, latents, latents);
                }
            }
        }

        // Then
        assertThat(draws).hasSize(50).startsWith(1, 2).endsWith(2, 1);
        assertThat(draws.subList(1, 49)).containsOnly(2);
    }

    private static CogVideoXDPMScheduler scheduler() throws IOException {
        return (CogVideoXDPMScheduler)
                Scheduler.of(PipelineConfig.read(Reference.checkpoint("5b")).scheduler());
    }
}
