package io.text2video.worker.quantization;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** A folder of a checkpoint that holds weights: which of them its network reads, and which can be quantized. */
public enum Component {
    TEXT_ENCODER("encoder\\.block\\.\\d+\\.layer\\.(0\\.SelfAttention\\.[qkvo]|1\\.DenseReluDense\\.(wi_0|wi_1|wo))"),
    TRANSFORMER("transformer_blocks\\.\\d+\\.(attn1\\.(to_q|to_k|to_v|to_out\\.0)|ff\\.net\\.(0\\.proj|2))"),
    /** The convolutions of its blocks; norms, the first and the last convolution see few channels. */
    VAE("(encoder|decoder)\\..*\\.(conv1\\.conv|conv2\\.conv|(up|down)samplers\\.0\\.conv)");

    /** Values that share a scale at least: its four bytes are then a sixteenth of theirs at most. */
    private static final long SMALLEST_CHANNEL = 64;

    private final Pattern layers;

    Component(String layers) {
        this.layers = Pattern.compile(layers);
    }

    private static final String WEIGHT = ".weight";

    /** The folder's name. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Empty for a folder without weights, such as the tokenizer's. */
    public static Optional<Component> ofLabel(String label) {
        return Arrays.stream(values())
                .filter(component -> component.label().equals(label))
                .findFirst();
    }

    /** Whether its network has a use for a tensor: of a whole T5, the decoder and what follows it have none. */
    public boolean reads(String key) {
        return this != TEXT_ENCODER || !(key.startsWith("decoder.") || key.startsWith("lm_head."));
    }

    /**
     * Whether quantizing this component quantizes a layer: the products that many tokens share. What is left as floats
     * is small, or its error would be in every token of every step.
     *
     * @param layer its name in the checkpoint, without {@code .weight}
     * @param shape of its weight, [out, in] or [out, in, kernel…]
     */
    public boolean quantizes(String layer, long... shape) {
        long channel = Arrays.stream(shape).skip(1).reduce(1, Math::multiplyExact);
        return shape.length > 1
                && channel >= SMALLEST_CHANNEL
                && layers.matcher(layer).matches();
    }

    /** The same of a tensor's key; a bias is no weight. */
    public boolean quantizesTensor(String key, long... shape) {
        return key.endsWith(WEIGHT) && quantizes(key.substring(0, key.length() - WEIGHT.length()), shape);
    }
}
