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
record SubmittedJob(
        int number, Instant time, String way, String wanted, Answer.Outcome outcome, String job, String answer) {
    boolean isAccepted() {
        return outcome == Answer.Outcome.ACCEPTED;
    }
}
