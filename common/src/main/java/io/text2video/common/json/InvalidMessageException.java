package io.text2video.common.json;

/** JSON that is no message of the kind it should be. The message to people names field, value and limit. */
public final class InvalidMessageException extends Exception {
    private static final long serialVersionUID = 1;
    private final String field;

    InvalidMessageException(String field, String message) {
        super(message);
        this.field = field;
    }

    /** The path of the field at fault, such as {@code parameters.num_frames}; empty when it is the whole message. */
    public String field() {
        return field;
    }
}
