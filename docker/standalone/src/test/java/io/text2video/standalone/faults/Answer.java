package io.text2video.standalone.faults;

/**
 * What a client was told.
 *
 * @param job the id of what was accepted or is told of, else null
 * @param text a job's status, where a record lies, or what went wrong
 */
record Answer(Outcome outcome, String job, String text) {
    enum Outcome {
        /** A 200 or 202, or the broker's acknowledgement: the promise. */
        ACCEPTED,
        /** A 404. */
        NOT_FOUND,
        /** A 503. */
        REFUSED,
        /** None: it may be anything. */
        UNKNOWN,
        /** One that there should not be. */
        WRONG
    }
}
