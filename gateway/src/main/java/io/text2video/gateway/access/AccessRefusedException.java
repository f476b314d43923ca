package io.text2video.gateway.access;

/** The request is not let in. */
public final class AccessRefusedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** Why not. */
    public enum Reason {
        /** Nobody knows who sends it. */
        UNKNOWN,
        /** It is known, and may not. */
        FORBIDDEN,
        /** Nobody can tell now. */
        UNAVAILABLE
    }

    private final Reason reason;

    AccessRefusedException(Reason reason, String message) {
        this(reason, message, null);
    }

    AccessRefusedException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
