package io.text2video.worker.kernels;

import java.util.Map;

/**
 * Ways of a GPU, which follow from its compute capability.
 *
 * @param fp8Products whether it multiplies e4m3
 * @param flashAttention whether attention in half precision is named flash
 * @param efficientAttention whether other attention is named memory-efficient
 */
public record CudaPaths(boolean fp8Products, boolean flashAttention, boolean efficientAttention)
        implements ComputePaths {
    /** What any build of libtorch has: torch chooses attention, and e4m3 is widened. */
    public static final CudaPaths PLAIN = new CudaPaths(false, false, false);

    /** Of a GPU of a compute capability, as 8.9. */
    public static CudaPaths of(int major, int minor) {
        return new CudaPaths(major * 10 + minor >= 89, major >= 8, true);
    }

    @Override
    public Map<String, Boolean> attributes() {
        return Map.of(
                "fp8_products", fp8Products,
                "flash_attention", flashAttention,
                "efficient_attention", efficientAttention);
    }

    /** As a computation is named by. */
    @Override
    public String toString() {
        return "fp8_products=%s attention=%s"
                .formatted(
                        fp8Products,
                        flashAttention ? "flash" : efficientAttention ? "memory-efficient" : "torch's choice");
    }
}
