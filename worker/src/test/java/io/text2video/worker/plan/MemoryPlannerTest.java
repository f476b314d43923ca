package io.text2video.worker.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.text2video.worker.config.CheckpointFiles;
import io.text2video.worker.info.PublishedCheckpoint;
import io.text2video.worker.kernels.DType;
import io.text2video.worker.plan.MemoryPlan.Way;
import io.text2video.worker.quantization.Quantization;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Plans for CogVideoX-2b as published, by its configs and headers. */
class MemoryPlannerTest {
    private static final PlannedVideo FULL = new PlannedVideo(480, 720, 49, true, 0, false, 0);
    private static final Optional<MemorySize> MUCH = Optional.of(MemorySize.of("1TiB"));

    @TempDir
    Path directory;

    private Path checkpoint;

    @BeforeEach
    void write() throws IOException {
        checkpoint = PublishedCheckpoint.write(directory, "CogVideoX-2b", "F16").directory();
    }

    @Test
    void shouldTakeTheFastestWayThatFits() throws IOException {
        // Given
        List<Way> ladder = planner(MUCH).ladder(FULL);
        for (int i = 0; i < ladder.size(); i++) {
            // When
            MemoryPlan plan =
                    planner(Optional.of(new MemorySize(ladder.get(i).peak()))).plan(FULL);

            // Then
            assertThat(plan.chosen()).isEqualTo(i);
            assertThat(plan.way().peak()).isLessThanOrEqualTo(plan.budget().bytes());
        }
    }

    @Test
    void shouldTakeLessRungByRung() throws IOException {
        List<Way> ladder = planner(MUCH).ladder(FULL);

        assertThat(ladder.get(0).rung()).isEqualTo(Rung.WHOLE);
        assertThat(ladder).hasSizeGreaterThan(2);
        for (int i = 1; i < ladder.size(); i++) {
            Way above = ladder.get(i - 1);
            Way below = ladder.get(i);
            assertThat(below.rung().savings())
                    .containsAll(above.rung().savings())
                    .hasSize(i);
            assertThat(below.stages().get(above.fullest().stage().ordinal()).total())
                    .isLessThan(above.peak());
        }
    }

    @Test
    void shouldTakeNoTilesUnlessMemoryIsLimited() throws IOException {
        assertThat(planner(Optional.empty()).ladder(FULL))
                .noneMatch(way -> way.rung().has(Saving.VAE_TILES));
        assertThat(planner(MUCH).ladder(FULL)).last().matches(way -> way.rung().has(Saving.VAE_TILES));
        assertThat(new MemoryPlanner(
                                model(Quantization.NONE), Rung.WHOLE.with(Saving.VAE_TILES), host(Optional.empty()))
                        .ladder(FULL))
                .allMatch(way -> way.rung().has(Saving.VAE_TILES));
    }

    @Test
    void shouldHelpTheStageThatTakesTheMost() throws IOException {
        // Given a video of so few frames that decoding takes the most, whatever denoising does
        List<Way> ladder = planner(MUCH).ladder(new PlannedVideo(480, 720, 9, true, 0, false, 0));

        // Then nothing is sliced for nothing
        assertThat(ladder.get(0).fullest().stage()).isEqualTo(Stage.DECODE);
        assertThat(ladder.get(1).rung().savings()).containsExactly(Saving.TEXT_ENCODER_RELEASED);
    }

    @Test
    void shouldSpareACacheOfStepsTheTwoPasses() throws IOException {
        PlannedVideo cached = new PlannedVideo(480, 720, 49, true, 0, true, 0);

        List<Way> ladder = planner(MUCH).ladder(cached);

        assertThat(ladder).noneMatch(way -> way.rung().has(Saving.GUIDANCE_PASSES));
        assertThat(denoising(ladder.get(0)))
                .isGreaterThan(denoising(planner(MUCH).ladder(FULL).get(0)));
    }

    @Test
    void shouldRefuseWhatFitsNoWay() throws IOException {
        MemoryPlanner planner = planner(Optional.of(MemorySize.of("2GiB")));

        assertThatThrownBy(() -> planner.plan(FULL))
                .isInstanceOf(InsufficientMemoryException.class)
                .hasMessageContaining("720x480 with 49 frames")
                .hasMessageContaining("2.0 GiB")
                .hasMessageContaining("--quantization int8");
    }

    @Test
    void shouldEncodeAnImageInTilesWhereTheVaeWorksInThem() throws IOException {
        // Given a large video from an image, whose encoding takes more than any of its steps, even in two passes
        checkpoint = PublishedCheckpoint.write(directory, "CogVideoX1.5-5B-I2V", "BF16")
                .directory();
        PlannedVideo video = new PlannedVideo(1360, 1360, 1, true, 1, false, 0);
        Rung slices = Rung.WHOLE
                .with(Saving.FEED_FORWARD_SLICES)
                .with(Saving.GUIDANCE_PASSES)
                .with(Saving.TEXT_ENCODER_RELEASED);
        Way whole = planner(MUCH).way(video, slices);
        Way tiled = planner(MUCH).way(video, slices.with(Saving.VAE_TILES));

        // Then
        System.out.printf("image encoded whole %,d bytes, in tiles %,d%n", denoising(whole), denoising(tiled));
        assertThat(denoising(tiled)).isLessThan(denoising(whole) / 2);
        MemorySize between = new MemorySize((whole.peak() + tiled.peak()) / 2);
        assertThat(planner(Optional.of(between)).plan(video).rung().has(Saving.VAE_TILES))
                .isTrue();
    }

    @Test
    void shouldCountWeightsAsTheyAreKept() throws IOException {
        StageMemory mapped = way(Quantization.NONE).stages().get(Stage.ENCODE.ordinal());
        StageMemory quantized = way(Quantization.of("int8")).stages().get(Stage.ENCODE.ordinal());

        // Of fp16 computed in fp32 nearly all is mapped; what is quantized at load is the process's own, and half as
        // large.
        assertThat(mapped.weights()).isLessThan(mapped.mapped() / 100);
        assertThat(quantized.weights()).isBetween(mapped.mapped() * 2 / 5, mapped.mapped() * 3 / 5);
        assertThat(quantized.mapped()).isLessThan(mapped.mapped() / 10);
    }

    @Test
    void shouldCountLoras() throws IOException {
        Way without = planner(MUCH).way(FULL, Rung.WHOLE);
        Way with = planner(MUCH).way(new PlannedVideo(480, 720, 49, true, 0, false, 1000), Rung.WHOLE);

        assertThat(with.peak()).isEqualTo(without.peak() + 1000);
    }

    @Test
    void shouldPlanWithWhatThereIsWhereNothingIsAsked() throws IOException {
        MemoryBudget budget = host(Optional.empty()).budget();

        assertThat(budget.given()).isFalse();
        assertThat(budget.bytes()).isPositive().isLessThan(budget.most());
    }

    private static long denoising(Way way) {
        return way.stages().get(Stage.DENOISE.ordinal()).working();
    }

    private Way way(Quantization quantization) throws IOException {
        return new MemoryPlanner(model(quantization), Rung.WHOLE, host(MUCH)).way(FULL, Rung.WHOLE);
    }

    private static Host host(Optional<MemorySize> memory) {
        return Host.thisMachine(memory);
    }

    private MemoryPlanner planner(Optional<MemorySize> memory) throws IOException {
        return new MemoryPlanner(model(Quantization.NONE), Rung.WHOLE, host(memory));
    }

    private PlannedModel model(Quantization quantization) throws IOException {
        return PlannedModel.of(CheckpointFiles.open(checkpoint), DType.F32, quantization);
    }
}
