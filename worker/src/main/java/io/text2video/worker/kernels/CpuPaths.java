package io.text2video.worker.kernels;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

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

    /** What there are two ways for; the first is the record's {@code true}. */
    public enum Part {
        LINEAR("onednn", "mkl"),
        GELU("in-product", "after"),
        ATTENTION("by-heads", "fused"),
        CONVOLUTION("channels-last", "contiguous"),
        INT8("integers", "floats");

        private final String first;
        private final String other;

        Part(String first, String other) {
            this.first = first;
            this.other = other;
        }

        /** The name that people and JSON use. */
        @JsonValue
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** Whether it does linears on the way, and is timed with those that are taken. */
        boolean multiplies() {
            return this == GELU || this == ATTENTION || this == INT8;
        }

        /** The name of one of its ways. */
        public String word(boolean takesFirst) {
            return takesFirst ? first : other;
        }
    }

    /** Which way a part takes. */
    public boolean takesFirst(Part part) {
        return switch (part) {
            case LINEAR -> onednnLinear;
            case GELU -> onednnGelu;
            case ATTENTION -> attentionByHeads;
            case CONVOLUTION -> channelsLast;
            case INT8 -> integerProducts;
        };
    }

    /** The same but for one part. */
    public CpuPaths with(Part changed, boolean first) {
        return new CpuPaths(
                changed == Part.LINEAR ? first : onednnLinear,
                changed == Part.GELU ? first : onednnGelu,
                changed == Part.ATTENTION ? first : attentionByHeads,
                changed == Part.CONVOLUTION ? first : channelsLast,
                changed == Part.INT8 ? first : integerProducts);
    }

    @Override
    public Map<String, Boolean> attributes() {
        return Map.of(
                "onednn_linear", onednnLinear,
                "onednn_gelu", onednnGelu,
                "attention_by_heads", attentionByHeads,
                "channels_last", channelsLast,
                "integer_products", integerProducts);
    }

    /** As a computation is named by, people are told, and {@link CpuPathChoice#of} reads. */
    @Override
    public String toString() {
        return Arrays.stream(Part.values())
                .map(part -> part.label() + "=" + part.word(takesFirst(part)))
                .collect(Collectors.joining(","));
    }
}
