package io.text2video.worker.config;

import java.io.IOException;
import java.nio.file.Path;

/** A checkpoint that this engine cannot run as it stands: a file of it is missing, malformed or asks for the unknown. */
public final class InvalidCheckpointException extends IOException {
    private static final long serialVersionUID = 1L;

    private final transient Path file;
    private final String field;
    private final String value;

    /**
     * @param file the file that is wrong
     * @param field the key in that file, dotted where nested; empty when the file as a whole is wrong
     * @param value the offending value as it stands in the file, or {@code "missing"}
     * @param reason what the value breaks
     */
    public InvalidCheckpointException(Path file, String field, String value, String reason) {
        super(field.isEmpty() ? file + ": " + reason : file + ": " + field + " (" + value + ") " + reason);
        this.file = file;
        this.field = field;
        this.value = value;
    }

    /** A file that is wrong as a whole. */
    public InvalidCheckpointException(Path file, String reason) {
        this(file, "", "", reason);
    }

    public Path file() {
        return file;
    }

    /** Key of the offending field as the file spells it; empty when the file as a whole is wrong. */
    public String field() {
        return field;
    }

    public String value() {
        return value;
    }
}
