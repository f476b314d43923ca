package io.text2video.worker.info;

import com.fasterxml.jackson.annotation.JsonValue;
import io.text2video.worker.kernels.DType;
import io.text2video.worker.quantization.Quantization;
import io.text2video.worker.quantization.Scheme;
import io.text2video.worker.weights.SafetensorsDtype;
import java.util.Optional;

/** How a network's weights can be kept in memory. */
public enum Precision {
    FP32("fp32"),
    BF16("bf16"),
    FP16("fp16"),
    /** Large linears as int8 with an fp32 scale per output channel, the rest in half precision. */
    INT8("int8"),
    /** The same with 8-bit floats. */
    FP8("fp8");

    private final String label;

    Precision(String label) {
        this.label = label;
    }

    /** The name that people and JSON use. */
    @JsonValue
    public String label() {
        return label;
    }

    /** Whether large linears take a byte a weight. */
    boolean quantized() {
        return this == INT8 || this == FP8;
    }

    /** What networks compute in: themselves, or half precision where weights are quantized. */
    DType computes(Precision half) {
        return switch (this) {
            case FP32 -> DType.F32;
            case BF16 -> DType.BF16;
            case FP16 -> DType.F16;
            case INT8, FP8 -> half.computes(half);
        };
    }

    /** What text encoder and transformer are quantized by. */
    Quantization scheme() {
        return switch (this) {
            case FP32, BF16, FP16 -> Quantization.NONE;
            case INT8 -> new Quantization(Scheme.INT8, Scheme.INT8, Scheme.NONE);
            case FP8 -> new Quantization(Scheme.FP8, Scheme.FP8, Scheme.NONE);
        };
    }

    /** Empty for a type that no network computes in. */
    static Optional<Precision> of(SafetensorsDtype stored) {
        return switch (stored) {
            case F32 -> Optional.of(FP32);
            case BF16 -> Optional.of(BF16);
            case F16 -> Optional.of(FP16);
            case F8_E4M3, F8_E5M2 -> Optional.of(FP8);
            case I8 -> Optional.of(INT8);
            case BOOL, U8, I16, U16, I32, U32, F64, I64, U64 -> Optional.empty();
        };
    }
}
