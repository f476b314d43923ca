package io.text2video.worker.jobs;

/** This worker must not go on with the job: it is to stop, or the job is another's by now. Not a failure of the job. */
final class AbandonedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    AbandonedException(String reason) {
        super(reason);
    }
}
