package io.text2video.api;

/** An option that cannot be served. The message names its value, the rule and a way out. */
public final class InvalidOptionException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final String option;

    InvalidOptionException(String option, String message, Throwable cause) {
        super(message, cause);
        this.option = option;
    }

    /** diffusers' name of the option, such as {@code num_frames}; {@code prompt}, if it is that. */
    public String option() {
        return option;
    }
}
