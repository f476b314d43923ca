package io.text2video.worker.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.text2video.worker.Reference;
import io.text2video.worker.device.DeviceChoice;
import io.text2video.worker.device.DeviceRequest;
import io.text2video.worker.kernels.Interruption;
import io.text2video.worker.kernels.OutOfMemoryException;
import io.text2video.worker.plan.Rung;
import io.text2video.worker.plan.Saving;
import io.text2video.worker.rehearsal.Rehearsed;
import io.text2video.worker.rehearsal.RehearsedGpus;
import io.text2video.worker.state.Checkpoints;
import io.text2video.worker.state.SavedState;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Generations on a rehearsed GPU whose memory is limited to what they take, and below. */
@Tag("slow")
@Rehearsed
class RehearsedMemoryTest {
    private static final GenerationParameters CALL = TinyCheckpointTest.call(2, 7);

    private static CogVideoXPipeline pipeline;
    private static long whole;

    @BeforeAll
    static void load() throws IOException {
        var options = new PipelineOptions(Optional.of(ComputeType.FP32), Optional.empty(), false)
                .on(DeviceChoice.planned(DeviceRequest.of("cuda:0")));
        pipeline = CogVideoXPipeline.load(Reference.TINY_CHECKPOINT, Map.of(), options);
        draw(Rung.WHOLE);
        whole = peak(Rung.WHOLE);
    }

    @AfterEach
    void giveMemoryBack() {
        RehearsedGpus.unlimited();
    }

    @AfterAll
    static void close() {
        pipeline.close();
    }

    @ParameterizedTest
    @EnumSource
    void shouldRunInWhatItTakesAndGoOnWhereMemoryRanOut(Saving saving) {
        // Given
        Rung rung = Rung.WHOLE.with(saving);
        byte[] expected = draw(rung);
        long took = peak(rung);
        System.out.printf("%-24s %,d bytes, whole %,d%n", saving.label(), took, whole);

        // When
        RehearsedGpus.limit(0, took * 8 / 10);
        assertThatThrownBy(() -> draw(rung))
                .isInstanceOf(OutOfMemoryException.class)
                .hasMessageContaining("CUDA out of memory");
        RehearsedGpus.limit(0, took * 11 / 10);

        // Then
        assertThat(draw(rung)).isEqualTo(expected);
        assertThat(took).isLessThanOrEqualTo(whole);
    }

    @Test
    void shouldRunOnceMoreInASmallerWayWhereMemoryRanOut() {
        // Given a step that memory runs out after, until everything is begun again
        byte[] expected = draw(Rung.WHOLE);
        List<Integer> told = new ArrayList<>();
        StepListener filling = (step, steps) -> {
            told.add(step);
            if (told.size() == 1) {
                RehearsedGpus.limit(0, RehearsedGpus.held(0) + 1000);
            }
        };
        var emptied = new KeptStates() {
            @Override
            public Optional<SavedState> newest(String computation, int below) {
                RehearsedGpus.unlimited();
                return Optional.empty();
            }
        };

        // When
        var frames = new CollectedFrames(CALL);
        pipeline.generate(CALL, emptied, Interruption.NONE, filling, frames);

        // Then
        assertThat(told).containsExactly(1, 1, 2);
        assertThat(frames.frames().rgb()).isEqualTo(expected);
    }

    /** Once it has been drawn so: what is loaded late is there. */
    private static long peak(Rung rung) {
        RehearsedGpus.peak(0);
        draw(rung);
        return RehearsedGpus.peak(0);
    }

    private static byte[] draw(Rung rung) {
        var frames = new CollectedFrames(CALL);
        pipeline.generate(CALL, rung, Checkpoints.NONE, StepListener.NONE, frames, TraceSink.NONE);
        return frames.frames().rgb();
    }
}
