package io.text2video.worker.pipeline;

import io.text2video.worker.kernels.CpuFeatures;
import io.text2video.worker.kernels.DType;
import java.util.Arrays;
import java.util.Optional;

/** What a network computes in: diffusers' {@code torch_dtype}. */
public enum ComputeType {
    FP32("fp32", DType.F32),
    BF16("bf16", DType.BF16),
    FP16("fp16", DType.F16);

    private final String label;
    private final DType dtype;

    ComputeType(String label, DType dtype) {
        this.label = label;
        this.dtype = dtype;
    }

    /**
     * Reads a {@link #label}.
     *
     * @throws IllegalArgumentException naming the text and what there is
     */
    public static ComputeType of(String label) {
        return Arrays.stream(values())
                .filter(type -> type.label.equals(label))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("'%s' is none of fp32, bf16, fp16".formatted(label)));
    }

    /** The name that people and JSON use. */
    public String label() {
        return label;
    }

    /** Of the engine's tensors. */
    public DType dtype() {
        return dtype;
    }

    /**
     * What speaks against computing in it on a CPU; empty when nothing does.
     *
     * @param cpu that is to compute
     */
    public Optional<String> warning(CpuFeatures cpu) {
        return cpu.multiplies(dtype)
                ? Optional.empty()
                : Optional.of(
                        "oneDNN does not compute in %s on this CPU: each product is widened to fp32, which costs time; --dtype fp32 is faster, and keeps large weights as they are stored all the same"
                                .formatted(label));
    }

    @Override
    public String toString() {
        return label;
    }
}
