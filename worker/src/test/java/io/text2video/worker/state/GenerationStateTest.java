package io.text2video.worker.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.text2video.worker.kernels.DType;
import io.text2video.worker.weights.SafetensorsDtype;
import io.text2video.worker.weights.SafetensorsWriter.Entry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** States as bytes, and of whom. */
class GenerationStateTest {
    private static final int STEPS = 12;
    private static final String COMPUTATION = "0123456789abcdef";

    @Test
    void shouldRefuseAnotherDtypeOtherStepsAndAMemoryThatIsMissing() {
        long[] shape = {1, 3, 4, 8, 10};
        Entry latents = StateRefusalTest.entry("latents", SafetensorsDtype.BF16, shape);
        var state = new GenerationState(COMPUTATION, 8, STEPS, 0, latents, List.of());

        assertThatThrownBy(() -> state.require("s", STEPS, DType.F32, shape, 0))
                .isInstanceOf(UnusableStateException.class)
                .hasMessageContaining("s holds latents in BF16, and they are computed in F32");
        assertThatThrownBy(() -> state.require("s", 25, DType.BF16, shape, 0))
                .isInstanceOf(UnusableStateException.class)
                .hasMessageContaining("s is of 12 steps, not of 25");
        assertThatThrownBy(() -> state.require("s", STEPS, DType.BF16, shape, 1))
                .isInstanceOf(UnusableStateException.class)
                .hasMessageContaining("s holds 0 tensors of the scheduler, which remembers 1");
        assertThatCode(() -> state.require("s", STEPS, DType.BF16, shape, 0)).doesNotThrowAnyException();
    }

    @Test
    void shouldRefuseAnotherComputationAndAnotherStepThanItsNameSays() {
        byte[] file = small().toBytes();

        assertThatThrownBy(() -> GenerationState.read(new SavedState("s", 8, file), "fedcba9876543210"))
                .isInstanceOf(UnusableStateException.class)
                .hasMessageContaining("s says computation 0123456789abcdef, not fedcba9876543210");
        assertThatThrownBy(() -> GenerationState.read(new SavedState("s", 9, file), COMPUTATION))
                .isInstanceOf(UnusableStateException.class)
                .hasMessageContaining("s says step 8, not 9");
    }

    @Test
    void shouldReadNoStateOfWhichAnyByteWasFlippedOrCutOff() throws IOException {
        // Given
        byte[] file = small().toBytes();
        GenerationState state = GenerationState.read(new SavedState("s", 8, file), COMPUTATION);

        for (int i = 0; i < file.length; i++) {
            // When
            byte[] flipped = flipped(file, i);
            byte[] cut = Arrays.copyOf(file, i);

            // Then
            assertThatThrownBy(() -> GenerationState.read(new SavedState("s", 8, cut), COMPUTATION))
                    .as("cut off after %d bytes", i)
                    .isInstanceOf(UnusableStateException.class);
            try {
                GenerationState read = GenerationState.read(new SavedState("s", 8, flipped), COMPUTATION);
                // A space of the header became a tab, say.
                assertThat(read.toBytes()).as("byte %d flipped", i).isEqualTo(state.toBytes());
            } catch (UnusableStateException e) {
                assertThat(e).hasMessageStartingWith("s ");
            }
        }
    }

    /** The same engine goes on from what it has kept under an earlier version of the fleet; docs/release.md. */
    @Test
    void shouldReadTheStateOfAnEarlierRelease() throws Exception {
        Path golden = Path.of("src/test/resources/golden/0.1.0/state.safetensors");
        if (Boolean.getBoolean("golden.renew") && !Files.exists(golden)) {
            Files.write(golden, small().toBytes());
        }

        GenerationState read = GenerationState.read(new SavedState("s", 8, Files.readAllBytes(golden)), COMPUTATION);

        assertThat(read.toBytes()).isEqualTo(small().toBytes()).isEqualTo(Files.readAllBytes(golden));
    }

    private static GenerationState small() {
        return new GenerationState(
                COMPUTATION,
                8,
                STEPS,
                3,
                StateRefusalTest.entry("latents", SafetensorsDtype.BF16, 1, 2, 3),
                List.of(StateRefusalTest.entry("scheduler.0", SafetensorsDtype.F32, 1, 2, 3)));
    }

    private static byte[] flipped(byte[] file, int index) {
        byte[] copy = file.clone();
        copy[index] ^= 1;
        return copy;
    }
}
