package io.text2video.worker.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.text2video.worker.Reference;
import io.text2video.worker.config.CheckpointFiles;
import io.text2video.worker.kernels.Interruption;
import io.text2video.worker.kernels.MemoryScope;
import io.text2video.worker.model.LatentShape;
import io.text2video.worker.pipeline.AdaptedTransformers.Adapted;
import io.text2video.worker.plan.Rung;
import io.text2video.worker.plan.Saving;
import io.text2video.worker.state.Checkpoints;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The next job's prompt, prepared beside a generation, has the room that this one leaves it. */
class PreparationTest {
    private static final GenerationParameters CALL = TinyCheckpointTest.call(2, 7);
    private static final GenerationParameters NEXT = CALL.withPrompts("a green square", "");

    private Components components;

    @BeforeEach
    void load() throws IOException {
        CheckpointFiles files = CheckpointFiles.open(Reference.TINY_CHECKPOINT);
        components = Components.load(files, LoadingPlan.of(files, PipelineOptions.DEFAULT), Interruption.NONE);
    }

    @AfterEach
    void close() {
        components.close();
    }

    @Test
    void shouldBePreparedBesideAGenerationThatKeepsTheTextEncoder() {
        assertThat(loadedAfterPreparing(Rung.WHOLE)).containsExactly(true, true);
        assertThat(components.textEmbeddings().kept()).isEqualTo(3);
    }

    @Test
    void shouldNotBePreparedBesideAGenerationThatReleasedTheTextEncoder() {
        assertThat(loadedAfterPreparing(Rung.WHOLE.with(Saving.TEXT_ENCODER_RELEASED)))
                .containsExactly(false, false);
        assertThat(components.textEmbeddings().kept()).isEqualTo(2);

        // When that one has ended
        prepare();

        // Then
        assertThat(components.textEncoder().isLoaded()).isTrue();
        assertThat(components.textEmbeddings().kept()).isEqualTo(3);
    }

    /** Whether the text encoder is loaded after the next job was prepared at each step of a generation. */
    private List<Boolean> loadedAfterPreparing(Rung rung) {
        LatentShape shape = LatentShape.of(
                CALL.height(), CALL.width(), CALL.numFrames(), components.transformerConfig(), components.vaeConfig());
        List<Boolean> loaded = new ArrayList<>();
        StepListener preparing = (step, steps) -> {
            prepare();
            loaded.add(components.textEncoder().isLoaded());
        };
        GenerationPlan plan = GenerationPlan.of(
                CALL, shape, new Adapted(components.transformer(), Optional.empty(), List.of(), 0), rung);
        new GenerationRun(
                        components,
                        plan,
                        "",
                        Checkpoints.NONE,
                        Interruption.NONE,
                        preparing,
                        PreviewSink.NONE,
                        LatentPreview.NONE,
                        new Tracer(TraceSink.NONE))
                .run(FrameSink.NONE);
        return loaded;
    }

    private void prepare() {
        try (MemoryScope own = components.kernels().openScope()) {
            components.textEmbeddings().prepare(own, NEXT);
        }
    }
}
