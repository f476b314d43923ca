package io.text2video.worker.jobs;

import java.io.IOException;

/** The request goes to the dead letters, where somebody may look at it, and the job fails: what ends worker after worker. */
final class ParkAndFail implements FailurePolicy {
    private final JobPublisher publisher;
    private final FailAtOnce fail;

    ParkAndFail(JobPublisher publisher, FailAtOnce fail) {
        this.publisher = publisher;
        this.fail = fail;
    }

    @Override
    public Outcome apply(FailedJob failed) throws IOException {
        publisher.parked(failed.handed().record(), failed.error().message(), failed.charged());
        return fail.apply(failed);
    }
}
