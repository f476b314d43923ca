package io.text2video.worker.kernels;

import java.util.Map;

/**
 * Ways of a CPU, none of which is the fastest on every one.
 *
 * @param onednnLinear whether linears are oneDNN's, else MKL's as torch chooses
 * @param onednnGelu whether oneDNN applies GELU while it writes a product, else it follows
 * @param attentionByHeads whether attention is products and a softmax, a head at a time, else torch's fused kernel
 * @param channelsLast whether the VAE's features lie channels last
 * @param integerProducts whether what is rounded to int8 is multiplied as integers, else as floats
 */
public record CpuPaths(
        boolean onednnLinear,
        boolean onednnGelu,
        boolean attentionByHeads,
        boolean channelsLast,
        boolean integerProducts)
        implements ComputePaths {
    /** The same on every machine; integers only where they are known to be exact. */
    public static final CpuPaths DEFAULT = new CpuPaths(true, true, true, true, false);

    @Override
    public Map<String, Boolean> attributes() {
        return Map.of(
                "onednn_linear", onednnLinear,
                "onednn_gelu", onednnGelu,
                "attention_by_heads", attentionByHeads,
                "channels_last", channelsLast,
                "integer_products", integerProducts);
    }

    /** As a computation is named by, and people are told. */
    @Override
    public String toString() {
        return "linear=%s gelu=%s attention=%s convolution=%s int8=%s"
                .formatted(
                        onednnLinear ? "onednn" : "mkl",
                        onednnGelu ? "in-product" : "after",
                        attentionByHeads ? "by-heads" : "fused",
                        channelsLast ? "channels-last" : "contiguous",
                        integerProducts ? "integers" : "floats");
    }
}
