package io.text2video.worker.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.text2video.worker.kernels.DType;
import io.text2video.worker.kernels.Kernels;
import io.text2video.worker.kernels.LayerWeight;
import io.text2video.worker.kernels.MemoryScope;
import io.text2video.worker.kernels.Tensor;
import io.text2video.worker.kernels.TensorKernels;
import io.text2video.worker.quantization.Component;
import io.text2video.worker.quantization.WeightStorage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WeightsTest {
    /** Elements of two bytes. */
    private static final long[] LARGE = {512, TensorStorage.SMALLEST_LEFT_NARROW / 1024};

    private final Kernels kernels = Kernels.load();
    private final MemoryScope scope = kernels.openScope();

    @TempDir
    Path directory;

    @BeforeEach
    void write() throws IOException {
        // 1.0 is 0x3C00 in fp16 and 0x3F800000 in fp32
        ByteBuffer half = ByteBuffer.wrap(new byte[] {0, 0x3C, 0, 0x3C});
        ByteBuffer full = ByteBuffer.wrap(new byte[] {0, 0, (byte) 0x80, 0x3F});
        ByteBuffer integers = ByteBuffer.wrap(new byte[] {1});
        ByteBuffer large = ByteBuffer.allocate((int) TensorStorage.SMALLEST_LEFT_NARROW);
        SafetensorsWriter.write(
                directory.resolve("model.safetensors"),
                Map.of(),
                List.of(
                        new SafetensorsWriter.Entry(
                                "block.0.half.weight", SafetensorsDtype.F16, new long[] {1, 2}, half),
                        new SafetensorsWriter.Entry("block.0.half.bias", SafetensorsDtype.F32, new long[] {1}, full),
                        new SafetensorsWriter.Entry("large.weight", SafetensorsDtype.BF16, LARGE, large),
                        new SafetensorsWriter.Entry("numbers", SafetensorsDtype.I8, new long[] {1}, integers)));
    }

    @AfterEach
    void free() {
        kernels.close();
    }

    @Test
    void shouldConvertToTheComputeTypeAndOutliveItself() throws IOException {
        // When
        List<Tensor> parts;
        try (Weights weights = open()) {
            parts = weights.at("block").at(0).at("half").linear(1, 2, true).parts();
        }

        // Then
        assertThat(parts)
                .allSatisfy(part -> assertThat(TensorKernels.dtype(scope, part)).isEqualTo(DType.F32));
        assertThat(TensorKernels.toFloats(scope, parts.get(0))).containsExactly(1, 1);
        assertThat(TensorKernels.toFloats(scope, parts.get(1))).containsExactly(1);
    }

    @Test
    void shouldLeaveALargeNarrowWeightAsItIsStoredWhereKernelsWidenIt() throws IOException {
        try (Weights weights = open()) {
            // When
            Tensor linear = weights.at("large")
                    .linear(LARGE[0], LARGE[1], false)
                    .parts()
                    .get(0);
            Tensor embedding = weights.at("large").embedding(LARGE[0], LARGE[1]);

            // Then
            assertThat(TensorKernels.dtype(scope, linear)).isEqualTo(DType.BF16);
            assertThat(embedding).isSameAs(linear);
        }
        try (Weights weights = open()) {
            assertThat(TensorKernels.dtype(scope, weights.tensor("large.weight", LARGE)))
                    .isEqualTo(DType.F32);
        }
    }

    @Test
    void shouldShareItsTensorsWithAnAdaptedCopyEvenWhenClosed() throws IOException {
        // Given
        Weights weights = open();
        LayerWeight base = weights.at("block").at(0).at("half").linear(1, 2, true);
        Tensor added = TensorKernels.ofFloats(scope, new float[] {1, 2}, 1, 2);
        weights.close();

        // When
        LayerWeight adapted = weights.with((layer, own, shape) ->
                        layer.equals("block.0.half") ? own.withLowRank(List.of(added, added), added) : own)
                .at("block")
                .at(0)
                .at("half")
                .linear(1, 2, true);

        // Then
        assertThat(adapted.parts())
                .containsExactly(base.parts().get(0), base.parts().get(1), added, added);
    }

    @Test
    void shouldNameAMissingWeightAndItsShape() throws IOException {
        try (Weights weights = open()) {
            assertThatThrownBy(() -> weights.at("block").at(1).tensor("weight", 3, 4))
                    .isInstanceOf(WeightMismatchException.class)
                    .hasMessageContaining("block.1.weight is missing; its shape would be [3, 4]");
        }
    }

    @Test
    void shouldNameBothShapesOfAMisfit() throws IOException {
        try (Weights weights = open()) {
            assertThatThrownBy(() -> weights.at("block").at(0).at("half").linear(2, 2, true))
                    .isInstanceOf(WeightMismatchException.class)
                    .hasMessageContaining("block.0.half.weight has shape [1, 2], but the config makes it [2, 2]");
        }
    }

    @Test
    void shouldRefuseWeightsThatAreNoFloats() throws IOException {
        try (Weights weights = open()) {
            assertThatThrownBy(() -> weights.tensor("numbers", 1))
                    .isInstanceOf(WeightMismatchException.class)
                    .hasMessageContaining("numbers is stored as I8");
        }
    }

    @Test
    void shouldNameWeightsThatNoLayerAskedFor() throws IOException {
        try (Weights weights = open()) {
            weights.at("block").at(0).at("half").linear(1, 2, true);
            assertThatThrownBy(weights::requireAllRead)
                    .isInstanceOf(WeightMismatchException.class)
                    .hasMessageContaining("numbers");
        }
    }

    @Test
    void shouldLetATensorBeSkipped() throws IOException {
        try (Weights weights = open()) {
            weights.at("block").at(0).at("half").linear(1, 2, true);
            weights.at("large").skip("weight");
            weights.skip("absent");
            assertThatThrownBy(weights::requireAllRead)
                    .hasMessageContaining("there are 1 such")
                    .hasMessageContaining("numbers");
        }
    }

    private Weights open() throws IOException {
        return Weights.open(
                scope,
                directory,
                SafetensorsIndex.open(directory, Component.TEXT_ENCODER),
                DType.F32,
                WeightStorage.FLOATS);
    }
}
