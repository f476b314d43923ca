package io.text2video.worker.weights;

import static org.assertj.core.api.Assertions.assertThat;

import io.text2video.worker.kernels.DType;
import io.text2video.worker.quantization.Component;
import io.text2video.worker.quantization.Scheme;
import io.text2video.worker.quantization.WeightStorage;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TensorStorageTest {
    private static final String LINEAR = "transformer_blocks.0.attn1.to_q.weight";
    private static final int KIB = 1 << 10;

    @ParameterizedTest
    @CsvSource({
        "F16, F16, MAPPED",
        "F32, F32, MAPPED",
        "F16, F32, MAPPED_NARROW",
        "BF16, F32, MAPPED_NARROW",
        "F16, BF16, CONVERTED",
        "F32, BF16, CONVERTED",
        "F64, F32, CONVERTED",
        "I8, F32, MAPPED_CODES",
        "F8_E4M3, BF16, MAPPED_CODES"
    })
    void shouldKeepALargeWeightAsItIsStoredWhereThatIsNoWider(
            SafetensorsDtype stored, DType compute, TensorStorage expected) {
        TensorInfo tensor = tensor(LINEAR, stored, KIB, KIB);

        assertThat(TensorStorage.of(tensor, compute, WeightStorage.FLOATS)).isEqualTo(expected);
        assertThat(expected.bytes(tensor, compute))
                .isEqualTo((long) KIB * KIB * (expected.isMapped() ? stored.bytes() : compute.bytes()));
    }

    @ParameterizedTest
    @CsvSource({
        "patch_embed.pos_embedding, 1, 17776, 3072",
        "norm_out.norm.weight, 1048576, 1, 0",
        "patch_embed.text_proj.bias, 1048576, 1, 0",
        "time_embedding.linear_1.weight, 512, 512, 1"
    })
    void shouldConvertWhatNoKernelWidensAndWhatIsSmall(String key, long first, long second, long third) {
        long[] shape = third == 0 ? new long[] {first} : new long[] {first, second, third};

        assertThat(TensorStorage.of(tensor(key, SafetensorsDtype.F16, shape), DType.F32, WeightStorage.FLOATS))
                .isEqualTo(TensorStorage.CONVERTED);
    }

    @ParameterizedTest
    @CsvSource({
        "transformer_blocks.0.attn1.to_q.weight, QUANTIZED, MAPPED_NARROW",
        "transformer_blocks.0.norm1.linear.weight, MAPPED_NARROW, MAPPED_NARROW"
    })
    void shouldQuantizeTheComponentsLayersUnlessTheFilesAre(String key, TensorStorage atLoad, TensorStorage stored) {
        TensorInfo tensor = tensor(key, SafetensorsDtype.BF16, KIB, KIB);

        assertThat(TensorStorage.of(tensor, DType.F32, storage(false))).isEqualTo(atLoad);
        assertThat(TensorStorage.of(tensor, DType.F32, storage(true))).isEqualTo(stored);
        assertThat(TensorStorage.QUANTIZED.bytes(tensor, DType.F32)).isEqualTo(KIB * KIB + KIB * Float.BYTES);
    }

    private static WeightStorage storage(boolean stored) {
        return new WeightStorage(Component.TRANSFORMER, Scheme.INT8, stored);
    }

    private static TensorInfo tensor(String key, SafetensorsDtype dtype, long... shape) {
        long bytes = Arrays.stream(shape).reduce(dtype.bytes(), (a, b) -> a * b);
        return new TensorInfo(key, dtype, shape, Path.of("model.safetensors"), 0, bytes);
    }
}
