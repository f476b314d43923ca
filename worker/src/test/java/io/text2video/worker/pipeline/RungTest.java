package io.text2video.worker.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.text2video.worker.Reference;
import io.text2video.worker.plan.Rung;
import io.text2video.worker.plan.Saving;
import io.text2video.worker.state.Checkpoints;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever way a generation runs, it comes to the same latents; only the VAE's tiles change pixels. */
class RungTest {
    private static final int STEPS = 1;

    /** So many tokens that the feed-forward is cut: 226 of text and 896 of video. */
    private static final GenerationParameters PARAMETERS =
            new GenerationParameters("a red ball", "blurry", STEPS, 6, false, 0, 128, 128, 53, 8, 1, List.of(), null);

    private CogVideoXPipeline pipeline;

    @BeforeEach
    void load() throws IOException {
        pipeline = CogVideoXPipeline.load(Reference.TINY_CHECKPOINT);
    }

    @AfterEach
    void close() {
        pipeline.close();
    }

    @ParameterizedTest
    @EnumSource(value = Saving.class, mode = EnumSource.Mode.EXCLUDE, names = "VAE_TILES")
    void shouldDrawTheSame(Saving saving) {
        // Given
        float[] whole = latents(Rung.WHOLE);

        // When
        float[] saved = latents(Rung.WHOLE.with(saving));

        // Then
        assertThat(largestDifference(whole, saved)).isLessThan(1e-4f);
    }

    /** After the last step; nothing is decoded. */
    private float[] latents(Rung rung) {
        float[][] last = new float[1][];
        StepListener ending = (step, steps) -> {
            if (step == steps) {
                throw new CancellationException("denoised");
            }
        };
        TraceSink sink = tensor -> {
            if (tensor.name().equals("latents." + (STEPS - 1))) {
                FloatBuffer values =
                        tensor.data().duplicate().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
                last[0] = new float[values.remaining()];
                values.get(last[0]);
            }
        };
        assertThatThrownBy(() -> pipeline.generate(PARAMETERS, rung, Checkpoints.NONE, ending, FrameSink.NONE, sink))
                .isInstanceOf(CancellationException.class);
        return last[0];
    }

    private static float largestDifference(float[] a, float[] b) {
        assertThat(b).hasSameSizeAs(a);
        float largest = 0;
        for (int i = 0; i < a.length; i++) {
            largest = Math.max(largest, Math.abs(a[i] - b[i]));
        }
        return largest;
    }
}
