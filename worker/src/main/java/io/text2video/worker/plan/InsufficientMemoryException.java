package io.text2video.worker.plan;

/** A generation that does not fit into the memory there is, however it runs. The message says what would. */
public final class InsufficientMemoryException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public InsufficientMemoryException(String message) {
        super(message);
    }
}
