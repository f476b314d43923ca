package io.text2video.worker.config;

import java.io.IOException;

/** A well-formed checkpoint that asks for a variant of the model which this engine does not implement. */
public final class UnsupportedCheckpointException extends IOException {
    private static final long serialVersionUID = 1L;

    private final String field;

    /**
     * Refuses a value of a config.
     *
     * @param field the config's key, as the file spells it
     * @param value what it asks for
     * @param supported what it may ask for
     */
    public UnsupportedCheckpointException(String field, Object value, String supported) {
        super("%s is %s, but this engine implements %s".formatted(field, value, supported));
        this.field = field;
    }

    public String field() {
        return field;
    }
}
