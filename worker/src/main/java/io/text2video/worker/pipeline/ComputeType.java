package io.text2video.worker.pipeline;

import io.text2video.worker.kernels.DType;

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

    /** The name that people and JSON use. */
    public String label() {
        return label;
    }

    /** Of the engine's tensors. */
    public DType dtype() {
        return dtype;
    }

    @Override
    public String toString() {
        return label;
    }
}
