package io.text2video.worker.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class InterruptionTest {
    private final Kernels kernels = Kernels.load();
    private final MemoryScope scope = kernels.openScope();
    private final List<String> asked = new ArrayList<>();

    @AfterEach
    void free() {
        kernels.close();
    }

    @Test
    void shouldBeAskedBeforeEachKernelOfAScopeAndOfThoseInside() {
        // Given
        Tensor x = TensorKernels.ofFloats(scope, new float[] {1, 2}, 2);
        try (MemoryScope outer = scope.open(asked::add);
                MemoryScope inner = outer.open()) {
            // When
            TensorKernels.add(outer, x, x);
            TensorKernels.allFinite(inner, x);
        }

        // Then
        assertThat(asked).containsExactly("add", "all_finite");
    }

    @Test
    void shouldKeepAKernelFromRunning() {
        // Given
        Tensor x = TensorKernels.ofFloats(scope, new float[] {1, 2}, 2);
        Interruption interruption = kernel -> {
            throw new CancellationException(kernel);
        };

        // When a kernel is called that would work in the memory of its input
        try (MemoryScope interrupted = scope.open(interruption)) {
            assertThatThrownBy(() -> interrupted.call("residual", x, x))
                    .isInstanceOf(CancellationException.class)
                    .hasMessage("residual");
        }

        // Then
        assertThat(TensorKernels.toFloats(scope, x)).containsExactly(1, 2);
    }

    @Test
    void shouldNotBeAskedByAScopeThatIsInterruptedOtherwise() {
        Tensor x = TensorKernels.ofFloats(scope, new float[] {1, 2}, 2);
        try (MemoryScope interrupted = scope.open(asked::add);
                MemoryScope going = interrupted.open(Interruption.NONE)) {
            TensorKernels.copy(going, x);
        }
        TensorKernels.copy(scope, x);

        assertThat(asked).isEmpty();
    }
}
