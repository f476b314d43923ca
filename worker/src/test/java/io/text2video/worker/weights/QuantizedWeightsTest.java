package io.text2video.worker.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.text2video.worker.kernels.DType;
import io.text2video.worker.kernels.Kernels;
import io.text2video.worker.kernels.LayerWeight;
import io.text2video.worker.kernels.MemoryScope;
import io.text2video.worker.kernels.TensorKernels;
import io.text2video.worker.quantization.Component;
import io.text2video.worker.quantization.Scheme;
import io.text2video.worker.quantization.WeightStorage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Layers that files hold as codes: what is read, and what is refused of hostile or broken ones. */
class QuantizedWeightsTest {
    private static final WeightStorage INT8 = new WeightStorage(Component.TRANSFORMER, Scheme.INT8, true);
    private static final WeightStorage INT8WO = new WeightStorage(Component.TRANSFORMER, Scheme.INT8WO, true);
    private static final WeightStorage FP8 = new WeightStorage(Component.TRANSFORMER, Scheme.FP8, true);

    private final Kernels kernels = Kernels.load();
    private final MemoryScope scope = kernels.openScope();

    @TempDir
    Path directory;

    @AfterEach
    void free() {
        kernels.close();
    }

    @Test
    void shouldReadCodesAndScales() throws IOException {
        // Given
        write(codes(SafetensorsDtype.I8, 2, 3), scale(new long[] {2, 1}, 0.5f, 2));

        // When
        LayerWeight rounding = open(INT8).at("layer").linear(2, 3, false);
        LayerWeight widened = open(INT8WO).at("layer").linear(2, 3, false);

        // Then
        assertThat(rounding.parts().get(2).shape()).containsExactly(2);
        assertThat(widened.parts().get(2).shape()).containsExactly(2, 1);
        for (LayerWeight layer : List.of(rounding, widened)) {
            assertThat(TensorKernels.dtype(scope, layer.parts().get(0))).isEqualTo(DType.I8);
            assertThat(layer.parts().get(1).shape()).containsExactly(0);
            assertThat(TensorKernels.toFloats(scope, layer.parts().get(2))).containsExactly(0.5f, 2);
        }
    }

    @Test
    void shouldReadAScaleWithoutItsLastDimension() throws IOException {
        write(codes(SafetensorsDtype.F8_E4M3, 2, 3), scale(new long[] {2}, 0.5f, 2));

        assertThat(open(FP8).at("layer").linear(2, 3, false).parts().get(2).shape())
                .containsExactly(2, 1);
    }

    @Test
    void shouldLeaveAFloatInAQuantizedComponentAsItIs() throws IOException {
        write(codes(SafetensorsDtype.F16, 2, 4));

        assertThat(open(INT8).at("layer").linear(2, 4, false).parts()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(floats = {0, -1, Float.NaN, Float.POSITIVE_INFINITY})
    void shouldRefuseAScaleThatIsNotPositiveAndFinite(float bad) throws IOException {
        write(codes(SafetensorsDtype.I8, 2, 3), scale(new long[] {2, 1}, 1, bad));

        assertRefused(INT8, "layer.weight_scale is " + bad + " for output channel 1");
    }

    @Test
    void shouldRefuseCodesWithoutAScale() throws IOException {
        write(codes(SafetensorsDtype.I8, 2, 3));

        assertRefused(INT8, "layer.weight is stored as I8 without a weight_scale");
    }

    @Test
    void shouldRefuseAScaleOfAnotherShape() throws IOException {
        write(codes(SafetensorsDtype.I8, 2, 3), scale(new long[] {1, 2}, 1, 1));

        assertRefused(INT8, "layer.weight_scale has shape [1, 2], but must have one scale for each of the 2 output");
    }

    @Test
    void shouldRefuseAScaleThatIsNoFloat() throws IOException {
        write(
                codes(SafetensorsDtype.I8, 2, 3),
                new SafetensorsWriter.Entry(
                        "layer.weight_scale", SafetensorsDtype.I64, new long[] {2, 1}, ByteBuffer.allocate(16)));

        assertRefused(INT8, "layer.weight_scale is stored as I64");
    }

    @Test
    void shouldRefuseCodesThatNoConfigExplains() throws IOException {
        write(codes(SafetensorsDtype.I8, 2, 3), scale(new long[] {2, 1}, 1, 1));

        assertRefused(WeightStorage.FLOATS, "layer.weight is stored as I8, but config.json has no quantization_config");
    }

    @Test
    void shouldRefuseOtherCodesThanTheConfigSays() throws IOException {
        write(codes(SafetensorsDtype.F8_E4M3, 2, 3), scale(new long[] {2, 1}, 1, 1));

        assertRefused(INT8, "layer.weight is stored as F8_E4M3, but the quantization_config makes it I8");
    }

    @Test
    void shouldRefuseCodesOfAnotherShape() throws IOException {
        write(codes(SafetensorsDtype.I8, 3, 3), scale(new long[] {3, 1}, 1, 1, 1));

        assertRefused(INT8, "layer.weight has shape [3, 3], but the config makes it [2, 3]");
    }

    @Test
    void shouldNameAScaleThatBelongsToNoCodes() throws IOException {
        // Given
        write(codes(SafetensorsDtype.F32, 2, 3), scale(new long[] {2, 1}, 1, 1));
        Weights weights = open(INT8);
        weights.at("layer").linear(2, 3, false);

        // Then
        assertThatThrownBy(weights::requireAllRead)
                .isInstanceOf(WeightMismatchException.class)
                .hasMessageContaining("layer.weight_scale belongs to no layer");
    }

    private void assertRefused(WeightStorage storage, String message) throws IOException {
        Weights weights = open(storage);
        assertThatThrownBy(() -> weights.at("layer").linear(2, 3, false))
                .isInstanceOf(WeightMismatchException.class)
                .hasMessageContaining(message);
    }

    private Weights open(WeightStorage storage) throws IOException {
        SafetensorsIndex index = SafetensorsIndex.open(directory, Component.TEXT_ENCODER);
        return Weights.open(scope, directory, index, DType.F32, storage);
    }

    private void write(SafetensorsWriter.Entry... entries) throws IOException {
        SafetensorsWriter.write(directory.resolve("model.safetensors"), Map.of(), new ArrayList<>(List.of(entries)));
    }

    private static SafetensorsWriter.Entry codes(SafetensorsDtype dtype, long out, long in) {
        ByteBuffer bytes = ByteBuffer.allocate((int) (out * in * dtype.bytes()));
        return new SafetensorsWriter.Entry("layer.weight", dtype, new long[] {out, in}, bytes);
    }

    private static SafetensorsWriter.Entry scale(long[] shape, float... values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return new SafetensorsWriter.Entry("layer.weight_scale", SafetensorsDtype.F32, shape, bytes);
    }
}
