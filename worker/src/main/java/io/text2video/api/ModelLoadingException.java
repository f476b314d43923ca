package io.text2video.api;

import java.io.IOException;

/**
 * A model that is not there, cannot be fetched or cannot be run here. The message says why and the way out; where that is a
 * flag of the command line, such as {@code --dtype}, {@link LoadOptions} has it as an option.
 */
public final class ModelLoadingException extends IOException {
    private static final long serialVersionUID = 1L;

    ModelLoadingException(Exception cause) {
        super(
                cause instanceof IOException && cause.getMessage() == null ? cause.toString() : cause.getMessage(),
                cause);
    }
}
