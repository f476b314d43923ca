package io.text2video.worker.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.text2video.worker.Reference;
import io.text2video.worker.state.Checkpoints;
import io.text2video.worker.state.GenerationState;
import io.text2video.worker.state.SavedState;
import io.text2video.worker.state.UnusableStateException;
import io.text2video.worker.weights.SafetensorsDtype;
import io.text2video.worker.weights.SafetensorsWriter.Entry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a generation does that is handed a state that it may not go on from. */
class UnusableStateTest {
    private static final int STEPS = 12;

    private static CogVideoXPipeline pipeline;
    private static GenerationParameters call;
    private static byte[] expected;

    /** After steps 5 and 8. */
    private final KeptStates states = new KeptStates();

    @BeforeAll
    static void load() throws IOException {
        pipeline = CogVideoXPipeline.load(Reference.checkpoint("5b"));
        call = new GenerationParameters("a cat", "", STEPS, 6, true, 0, 64, 80, 9, 8, 7, List.of(), null);
        expected = TracedGeneration.of(pipeline, call, Checkpoints.NONE, StepListener.NONE)
                .rgb();
    }

    @AfterAll
    static void close() {
        pipeline.close();
    }

    @BeforeEach
    void stop() {
        assertThatThrownBy(() -> TracedGeneration.of(pipeline, call, states, states.stopAfter(8)))
                .isInstanceOf(CancellationException.class);
        states.stopAfter(Integer.MAX_VALUE);
    }

    @Test
    void shouldGoOnFromAnEarlierStateWhereTheNewestIsCutOff() {
        // Given
        states.only().compute(8, (step, file) -> Arrays.copyOf(file, file.length - 1));

        // When
        byte[] rgb = draw();

        // Then
        assertThat(rgb).isEqualTo(expected);
        assertThat(states.resumed).containsExactly(5);
        assertThat(states.refused).singleElement().satisfies(e -> assertThat(e)
                .hasMessageContaining("state 8 is no safetensors file")
                .hasMessageContaining("the generation goes on from an earlier state, or from its start"));
    }

    @Test
    void shouldBeginAnewWhereNoStateIsUsable() {
        // Given one with a byte flipped, and one that is another's
        states.only().compute(8, (step, file) -> flipped(file, file.length - 100));
        states.only().put(5, states.only().get(8));

        // When
        byte[] rgb = draw();

        // Then
        assertThat(rgb).isEqualTo(expected);
        assertThat(states.resumed).isEmpty();
        assertThat(states.refused).hasSize(2).allSatisfy(e -> assertThat(e)
                .hasMessageContaining("is damaged: its SHA-256 is not"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"latents", "scheduler"})
    void shouldRefuseAnotherShape(String part) {
        // Given a state that is whole, of a smaller video
        Entry small = entry(part.equals("latents") ? "latents" : "scheduler.0", SafetensorsDtype.F32, 1, 3, 4, 8, 9);
        states.only().compute(8, (step, file) -> {
            GenerationState state = read(step, file);
            boolean latents = part.equals("latents");
            return new GenerationState(
                            state.computation(),
                            step,
                            STEPS,
                            0,
                            latents ? small : state.latents(),
                            latents ? state.memory() : List.of(small))
                    .toBytes();
        });

        // When
        byte[] rgb = draw();

        // Then
        assertThat(rgb).isEqualTo(expected);
        assertThat(states.resumed).containsExactly(5);
        assertThat(states.refused).singleElement().satisfies(e -> assertThat(e)
                .hasMessageContaining("state 8 holds %s of the shape [1, 3, 4, 8, 9], and the latents are of [1, 3, "
                        .formatted(small.name())));
    }

    private byte[] draw() {
        return TracedGeneration.of(pipeline, call, states, states).rgb();
    }

    private GenerationState read(int step, byte[] file) {
        NavigableMap<Integer, byte[]> kept = states.only();
        String computation = states.files.entrySet().stream()
                .filter(entry -> entry.getValue() == kept)
                .findFirst()
                .orElseThrow()
                .getKey();
        try {
            return GenerationState.read(new SavedState("s", step, file), computation);
        } catch (UnusableStateException e) {
            throw new AssertionError(e);
        }
    }

    private static Entry entry(String name, SafetensorsDtype dtype, long... shape) {
        int bytes = (int) Arrays.stream(shape).reduce(dtype.bytes(), (a, b) -> a * b);
        ByteBuffer data = ByteBuffer.allocate(bytes);
        for (int i = 0; i < bytes; i++) {
            data.put(i, (byte) (i * 37));
        }
        return new Entry(name, dtype, shape, data);
    }

    private static byte[] flipped(byte[] file, int index) {
        byte[] copy = file.clone();
        copy[index] ^= 1;
        return copy;
    }
}
