package io.text2video.common.model;

/** A parameter that a model cannot serve. The message names the value, the rule and the nearest valid one. */
public sealed class InvalidGenerationException extends IllegalArgumentException permits GenerationTooLargeException {
    private static final long serialVersionUID = 1L;

    private final String field;

    /**
     * Refuses a parameter.
     *
     * @param field diffusers' name of the parameter, such as {@code num_frames}
     */
    public InvalidGenerationException(String field, String message) {
        super(message);
        this.field = field;
    }

    /** diffusers' name of the parameter at fault. */
    public final String field() {
        return field;
    }
}
