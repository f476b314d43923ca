package io.text2video.worker.jobs;

import io.text2video.common.job.JobSnapshot;
import java.io.IOException;
import java.time.Clock;

/** The job fails: what another attempt would not change. */
final class FailAtOnce implements FailurePolicy {
    private final String worker;
    private final VideoArchive archive;
    private final EndTeller teller;
    private final Clock clock;

    FailAtOnce(String worker, VideoArchive archive, EndTeller teller, Clock clock) {
        this.worker = worker;
        this.archive = archive;
        this.teller = teller;
        this.clock = clock;
    }

    @Override
    public Outcome apply(FailedJob failed) throws IOException {
        JobSnapshot end = failed.job().failed(failed.attempt(), worker, failed.error(), clock.instant());
        return teller.failed(archive.end(failed.pause(), end), failed.pause());
    }
}
