package io.text2video.common.json;

/** JSON that is no message of the kind it should be. The message to people names field, value and limit. */
public final class InvalidMessageException extends Exception {
    private static final long serialVersionUID = 1;
    private final String field;
    private final String reason;

    InvalidMessageException(String field, String reason) {
        super(field.isEmpty() ? reason : field + " " + reason);
        this.field = field;
        this.reason = reason;
    }

    /** The path of the field at fault, such as {@code parameters.num_frames}; empty when it is the whole message. */
    public String field() {
        return field;
    }

    /** The message without the field's name, such as {@code must be greater than or equal to 1, not 0}. */
    public String reason() {
        return reason;
    }
}
