package io.text2video.api;

/** A generation that was begun as it was asked for and gave no video. The message says why, and what would help. */
public final class GenerationFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Reason reason;

    /** What went wrong, for programs. */
    public enum Reason {
        /** There is less memory than it takes, however it runs. A smaller video may fit. */
        OUT_OF_MEMORY,
        /** Infinite or NaN values, or a video that is black all over. Another seed or {@code torchDtype} may help. */
        NOTHING_TO_SHOW,
        /** Weights or a LoRA that cannot be read any more. */
        FILES_UNREADABLE,
        /** The native engine or the GPU. Of a GPU that failed, only a new process computes on. */
        ENGINE_FAILED
    }

    GenerationFailedException(Reason reason, RuntimeException cause) {
        super(cause.getMessage(), cause);
        this.reason = reason;
    }

    /** What went wrong. */
    public Reason reason() {
        return reason;
    }
}
