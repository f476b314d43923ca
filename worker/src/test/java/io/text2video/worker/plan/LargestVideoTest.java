package io.text2video.worker.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.text2video.common.model.GenerationTooLargeException;
import io.text2video.common.model.ModelLimits;
import io.text2video.worker.config.CheckpointFiles;
import io.text2video.worker.info.PublishedCheckpoint;
import io.text2video.worker.kernels.DType;
import io.text2video.worker.quantization.Quantization;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Of published models, by their configs and headers. */
class LargestVideoTest {
    private static final ModelLimits LIMITS =
            new ModelLimits(16, 16, 4096, 16, 4096, 1_382_400, 4, 193, 1000, false, null, 7200, false);
    private static final int[] SIDES = {16, 256, 480, 720, 960, 1280};
    private static final int[] FRAMES = {1, 9, 49, 97, 193};

    @TempDir
    Path directory;

    private CheckpointFiles model;

    @BeforeEach
    void write() throws IOException {
        model = published("CogVideoX-2b");
    }

    @ParameterizedTest
    @CsvSource({"14GiB, true", "30GiB, false"})
    void shouldRefuseNothingThatAPlanHolds(String memory, boolean refusesSome) {
        // Given
        MemoryPlanner planner = planner(MemorySize.of(memory).bytes());
        ModelLimits limits = new LargestVideo(planner, LIMITS).limits();
        int refused = 0;
        for (int height : SIDES) {
            for (int width : SIDES) {
                for (int frames : FRAMES) {
                    if ((long) height * width > LIMITS.maxPixels()) {
                        continue;
                    }
                    // When
                    boolean held = holds(planner, height, width, frames);

                    // Then
                    if (held) {
                        assertThatCode(() -> limits.check(height, width, frames, 50))
                                .doesNotThrowAnyException();
                    } else if (isRefused(limits, height, width, frames)) {
                        refused++;
                    }
                }
            }
        }
        assertThat(refused > 0).isEqualTo(refusesSome);
    }

    @Test
    void shouldRefuseWhatIsATenthMoreThanAPlanHolds() {
        // Given just as much memory as a large video takes
        MemoryPlanner much = planner(1L << 40);
        var own = new PlannedVideo(1072, 1280, 145, false, 0, false, 0);
        long least = much.ladder(own).get(much.ladder(own).size() - 1).peak();
        long pixels = 1072L * 1280 * 145;

        // When
        ModelLimits limits = new LargestVideo(planner(least), LIMITS).limits();

        // Then
        assertThat(limits.maxVideoPixels()).isBetween(pixels, pixels * 11 / 10);
        assertThatCode(() -> limits.check(1072, 1280, 145, 50)).doesNotThrowAnyException();
        assertThatThrownBy(() -> limits.check(1072, 1280, 193, 50))
                .isInstanceOf(GenerationTooLargeException.class)
                .hasMessageContaining("193 frames of 1280x1072")
                .hasMessageMatching(".*this would fit: num_frames 1(45|49|53|57), or size \\d+x\\d+");
    }

    @Test
    void shouldLimitTheFramesOfAModelOfOneSize() throws IOException {
        // Given
        model = published("CogVideoX-5b-I2V");
        var one = new ModelLimits(16, 1072, 1072, 1280, 1280, 1_382_400, 4, 193, 1000, true, null, 7200, false);
        MemoryPlanner much = planner(1L << 40);
        var own = new PlannedVideo(1072, 1280, 145, false, 1, false, 0);
        long least = much.ladder(own).get(much.ladder(own).size() - 1).peak();

        // When
        ModelLimits limits = new LargestVideo(planner(least), one).limits();

        // Then
        assertThat(limits.maxPixels()).isEqualTo(1_382_400);
        assertThatCode(() -> limits.check(1072, 1280, 145, 50)).doesNotThrowAnyException();
        assertThatThrownBy(() -> limits.check(1072, 1280, 149, 50))
                .isInstanceOf(GenerationTooLargeException.class)
                .hasMessageEndingWith("this would fit: num_frames 145");
    }

    @Test
    void shouldBeNoLimitWhereThereIsMemoryForAll() {
        assertThat(new LargestVideo(planner(1L << 40), LIMITS).limits()).isEqualTo(LIMITS);
    }

    @Test
    void shouldLeaveToThePlanWhatHoldsNoVideoAtAll() {
        assertThat(new LargestVideo(planner(1L << 30), LIMITS).limits()).isEqualTo(LIMITS);
    }

    private static boolean holds(MemoryPlanner planner, int height, int width, int frames) {
        try {
            planner.plan(new PlannedVideo(height, width, frames, false, 0, false, 0));
            return true;
        } catch (InsufficientMemoryException e) {
            return false;
        }
    }

    private static boolean isRefused(ModelLimits limits, int height, int width, int frames) {
        try {
            limits.check(height, width, frames, 50);
            return false;
        } catch (GenerationTooLargeException e) {
            return true;
        }
    }

    private CheckpointFiles published(String name) throws IOException {
        return CheckpointFiles.open(
                PublishedCheckpoint.write(directory, name, "F16").directory());
    }

    private MemoryPlanner planner(long bytes) {
        return new MemoryPlanner(
                PlannedModel.of(model, DType.F32, Quantization.NONE),
                Rung.WHOLE,
                Host.thisMachine(Optional.of(new MemorySize(bytes))));
    }
}
