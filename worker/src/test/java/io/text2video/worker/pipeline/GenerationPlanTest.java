package io.text2video.worker.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.text2video.worker.model.LatentShape;
import io.text2video.worker.pipeline.AdaptedTransformers.Adapted;
import io.text2video.worker.plan.Rung;
import io.text2video.worker.plan.Saving;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What of a generation decides its latents, and what does not. */
class GenerationPlanTest {
    private static final GenerationParameters CALL =
            new GenerationParameters("a cat", "blurry", 12, 6, true, 0, 64, 80, 9, 8, 7, List.of(), null);

    @Test
    void shouldNameWhatDecidesTheLatents() {
        Map<String, Object> name = name(CALL);

        assertThat(Stream.of(
                        name,
                        name(new GenerationParameters(
                                "a dog", "blurry", 12, 6, true, 0, 64, 80, 9, 8, 7, List.of(), null)),
                        name(new GenerationParameters("a cat", "", 12, 6, true, 0, 64, 80, 9, 8, 7, List.of(), null)),
                        name(new GenerationParameters(
                                "a cat", "blurry", 13, 6, true, 0, 64, 80, 9, 8, 7, List.of(), null)),
                        name(new GenerationParameters(
                                "a cat", "blurry", 12, 5, true, 0, 64, 80, 9, 8, 7, List.of(), null)),
                        name(new GenerationParameters(
                                "a cat", "blurry", 12, 6, false, 0, 64, 80, 9, 8, 7, List.of(), null)),
                        name(new GenerationParameters(
                                "a cat", "blurry", 12, 6, true, 0, 80, 64, 9, 8, 7, List.of(), null)),
                        name(new GenerationParameters(
                                "a cat", "blurry", 12, 6, true, 0, 64, 80, 17, 8, 7, List.of(), null)),
                        name(new GenerationParameters(
                                "a cat", "blurry", 12, 6, true, 0, 64, 80, 9, 8, 8, List.of(), null)),
                        name(CALL.withCacheThreshold(0.1)),
                        name(CALL.startingFrom(new RgbImage(1, 2, new byte[6]))),
                        name(CALL.startingFrom(new RgbImage(2, 1, new byte[6]))),
                        name(CALL.startingFrom(new RgbImage(2, 1, new byte[] {0, 0, 0, 0, 0, 1}))),
                        name(CALL.startingFrom(video(0.8, 1, 2))),
                        name(CALL.startingFrom(video(0.7, 1, 2))),
                        name(CALL.startingFrom(video(0.8, 2, 1))),
                        name(CALL.along(video(1, 1, 2).frames())),
                        name(CALL.along(video(1, 2, 1).frames())),
                        name(CALL, List.of("1.0 file alone"), Rung.WHOLE),
                        name(CALL, List.of(), Rung.WHOLE.with(Saving.FEED_FORWARD_SLICES))))
                .doesNotHaveDuplicates();
    }

    @Test
    void shouldTellGuidanceInPassesFromABatchOnAGpu() {
        Rung passes = Rung.WHOLE.with(Saving.GUIDANCE_PASSES);

        assertThat(name(CALL, List.of(), passes, true)).isNotEqualTo(name(CALL, List.of(), Rung.WHOLE, true));
    }

    @Test
    void shouldNotTellApartWhatComesToTheSameLatents() {
        assertThat(name(new GenerationParameters("a cat", "blurry", 12, 6, true, 1, 64, 80, 9, 24, 7, List.of(), null)))
                .as("another eta and fps")
                .isEqualTo(name(CALL));
        for (Saving saving : List.of(
                Saving.GUIDANCE_PASSES,
                Saving.TEXT_ENCODER_RELEASED,
                Saving.COMPONENTS_BY_STAGE,
                Saving.TRANSFORMER_STREAMED,
                Saving.VAE_TILES)) {
            assertThat(name(CALL, List.of(), Rung.WHOLE.with(saving)))
                    .as("%s", saving)
                    .isEqualTo(name(CALL));
        }
        GenerationParameters fromImage = CALL.startingFrom(new RgbImage(1, 2, new byte[6]));
        for (GenerationParameters encoded : List.of(
                fromImage,
                CALL.startingFrom(video(0.8, 1, 2)),
                CALL.along(video(1, 1, 2).frames()))) {
            assertThat(name(encoded, List.of(), Rung.WHOLE.with(Saving.VAE_TILES)))
                    .as("what is encoded in tiles")
                    .isNotEqualTo(name(encoded));
        }
    }

    @Test
    void shouldPlanMemoryForAllThatIsEncoded() {
        assertThat(GenerationPlan.video(CALL, 0).encodedFrames()).isZero();
        assertThat(GenerationPlan.video(CALL.startingFrom(new RgbImage(1, 2, new byte[6])), 0)
                        .encodedFrames())
                .isEqualTo(1);
        assertThat(GenerationPlan.video(CALL.startingFrom(video(0.8, 1, 2)), 0).encodedFrames())
                .isEqualTo(9);
        assertThat(GenerationPlan.video(CALL.along(video(1, 1, 2).frames()), 0).encodedFrames())
                .isEqualTo(9);
    }

    private static SourceVideo video(double strength, int height, int width) {
        return new SourceVideo(new Frames(9, height, width, new byte[9 * 6]), strength);
    }

    private static Map<String, Object> name(GenerationParameters parameters) {
        return name(parameters, List.of(), Rung.WHOLE);
    }

    private static Map<String, Object> name(GenerationParameters parameters, List<String> loras, Rung rung) {
        return name(parameters, loras, rung, false);
    }

    private static Map<String, Object> name(
            GenerationParameters parameters, List<String> loras, Rung rung, boolean onGpu) {
        LatentShape shape = new LatentShape(3, 0, 4, 8, 10, 9);
        return GenerationPlan.of(parameters, shape, new Adapted(null, Optional.empty(), loras, 0), rung)
                .decisive(onGpu);
    }
}
