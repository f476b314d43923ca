package io.text2video.worker.video;

/** A file that is no video a job can start from. The message to people names the value, the rule and the way out. */
public final class InvalidVideoException extends Exception {
    private static final long serialVersionUID = 1;

    public InvalidVideoException(String message) {
        super(message);
    }
}
