package io.text2video.standalone.faults;

import java.time.Instant;

/**
 * A try to have a video made.
 *
 * @param number of the run's; the webhook's URL ends with it, so it is found again in the request
 * @param time of the answer
 * @param way by which it went, such as {@code gateway-1}
 * @param wanted the {@link WantedVideo}'s name
 * @param job its id where accepted, else null
 * @param answer in words
 */
record SubmittedJob(int number, Instant time, String way, String wanted, Outcome outcome, String job, String answer) {
    enum Outcome {
        /** A 202, or the broker's acknowledgement: the promise. */
        ACCEPTED,
        /** A 503. */
        REFUSED,
        /** No answer: it may be anything. */
        UNKNOWN
    }

    boolean isAccepted() {
        return outcome == Outcome.ACCEPTED;
    }
}
