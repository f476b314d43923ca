package io.text2video.worker.jobs;

import io.text2video.common.job.ErrorCode;
import io.text2video.worker.plan.InsufficientMemoryException;
import java.time.Clock;

/** Which failures there are, and what is done with each. */
final class FailurePolicies {
    private final FailAtOnce failAtOnce;
    private final RetryLater retryLater;
    private final ParkAndFail parkAndFail;

    FailurePolicies(
            String worker,
            Retries retries,
            JobPublisher publisher,
            VideoArchive archive,
            EndTeller teller,
            Clock clock) {
        failAtOnce = new FailAtOnce(worker, archive, teller, clock);
        retryLater = new RetryLater(retries, publisher, archive, failAtOnce, clock);
        parkAndFail = new ParkAndFail(publisher, failAtOnce);
    }

    /** @param cause may say more than its code: memory that the plan lacks, it will lack again */
    FailurePolicy of(ErrorCode code, Throwable cause) {
        return switch (code) {
            case INVALID_PARAMETER, UNKNOWN_MODEL, NON_FINITE_OUTPUT -> failAtOnce;
            case OUT_OF_MEMORY -> cause instanceof InsufficientMemoryException ? failAtOnce : retryLater;
            case STORAGE_ERROR, INTERNAL_ERROR -> retryLater;
            case ATTEMPTS_EXHAUSTED -> parkAndFail;
        };
    }
}
