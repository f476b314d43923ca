package io.text2video.worker.quantization;

/**
 * How one component's weights are kept in memory.
 *
 * @param component whose layers are quantized
 * @param scheme {@link Scheme#NONE} for floats
 * @param stored whether the files hold them so already; else the layers that the component names are quantized as they
 *     are read
 */
public record WeightStorage(Component component, Scheme scheme, boolean stored) {
    /** As the files hold them, which is as floats; of any component. */
    public static final WeightStorage FLOATS = new WeightStorage(Component.TRANSFORMER, Scheme.NONE, false);

    /**
     * Whether a tensor that is stored as floats is to be quantized.
     *
     * @param key its name in the checkpoint
     */
    public boolean quantizes(String key, long... shape) {
        return !stored && scheme != Scheme.NONE && component.quantizesTensor(key, shape);
    }

    /** Whether a quantized layer rounds its inputs as its weight is. Only a linear does: a convolution's patches overlap. */
    public boolean roundsInputs(long... shape) {
        return scheme.roundsInputs() && shape.length == 2;
    }
}
