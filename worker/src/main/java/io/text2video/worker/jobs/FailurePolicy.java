package io.text2video.worker.jobs;

import java.io.IOException;

/** What is done with a failure. All of it is safe before this returns: then the record may be accepted. */
sealed interface FailurePolicy permits FailAtOnce, RetryLater, ParkAndFail {
    /**
     * Does it.
     *
     * @throws AbandonedException when this worker is not to go on
     * @throws PublicationException when the broker does not take what is to be told
     * @throws IOException when the store stays away
     */
    Outcome apply(FailedJob failed) throws IOException;
}
