package io.text2video.worker.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.text2video.worker.Reference;
import io.text2video.worker.config.PipelineConfig;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CogVideoXDDIMSchedulerTest {
    private final Reference golden = Reference.golden();

    @Test
    void shouldKeepTheSignalThatTheReferenceKeeps() throws IOException {
        // When
        double[] alphas = scheduler().alphasCumprod();

        // Then
        float[] floats = new float[alphas.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) alphas[i];
        }
        Reference.assertClose("alphas_cumprod", floats, golden.floats("alphas_cumprod"), 1e-7);
        assertThat(alphas[alphas.length - 1]).isZero();
    }

    @Test
    void shouldVisitTheTimestepsThatTheReferenceVisits() throws IOException {
        // When
        List<DdimStep> steps = scheduler().steps(Steps.of(Integer.parseInt(golden.metadata("steps"))));

        // Then
        double[] expected = new double[steps.size()];
        for (int i = 0; i < expected.length; i++) {
            expected[i] = golden.floats("timesteps")[i];
        }
        assertThat(steps.stream().mapToDouble(DdimStep::timestep)).containsExactly(boxed(expected));
    }

    @Test
    void shouldSpaceTimestepsEvenlyAsNumpyDoes() throws IOException {
        // Given
        Scheduler scheduler =
                Scheduler.of(PipelineConfig.read(Reference.checkpoint("odd-2b")).scheduler());

        // When, Then
        assertThat(timesteps(scheduler, 1)).containsExactly(0);
        assertThat(timesteps(scheduler, 2)).containsExactly(999, 0);
        assertThat(timesteps(scheduler, 3)).containsExactly(999, 500, 0);
    }

    private static List<Integer> timesteps(Scheduler scheduler, int count) {
        return ((CogVideoXDDIMScheduler) scheduler)
                .steps(Steps.of(count)).stream().map(DdimStep::timestep).toList();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 50, 61, 103, 999, 1000})
    void shouldHaveAsManyStepsAsAskedFor(int count) throws IOException {
        // When
        List<DdimStep> steps = scheduler().steps(Steps.of(count));

        // Then
        assertThat(steps).hasSize(count).extracting(DdimStep::timestep).allMatch(t -> t >= 0 && t < 1000);
        assertThat(steps.get(0).timestep()).isEqualTo(999);
        assertThat(steps).allMatch(step -> Double.isFinite(step.keep()) && Double.isFinite(step.add()));
    }

    @Test
    void shouldRefuseMoreStepsThanTimesteps() throws IOException {
        // Given
        CogVideoXDDIMScheduler scheduler = scheduler();

        // When, Then
        assertThatThrownBy(() -> scheduler.steps(Steps.of(1001)))
                .hasMessageContaining("1000")
                .hasMessageContaining("1001");
    }

    private static CogVideoXDDIMScheduler scheduler() throws IOException {
        return (CogVideoXDDIMScheduler)
                Scheduler.of(PipelineConfig.read(Reference.CHECKPOINT).scheduler());
    }

    private static Double[] boxed(double... values) {
        Double[] boxed = new Double[values.length];
        for (int i = 0; i < values.length; i++) {
            boxed[i] = values[i];
        }
        return boxed;
    }
}
