package io.text2video.worker.jobs;

import io.text2video.common.job.JobId;

/** Nobody wants the job any more, and this worker is to end it. */
final class CancelledException extends RuntimeException {
    private static final long serialVersionUID = 1;

    CancelledException(JobId id) {
        super("the job %s is cancelled".formatted(id));
    }
}
