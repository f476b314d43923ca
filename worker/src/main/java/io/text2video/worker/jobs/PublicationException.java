package io.text2video.worker.jobs;

/** The broker did not take what was to be published about a job. */
final class PublicationException extends RuntimeException {
    private static final long serialVersionUID = 1;

    PublicationException(Throwable cause) {
        super("the broker did not take a message: " + cause.getMessage(), cause);
    }
}
