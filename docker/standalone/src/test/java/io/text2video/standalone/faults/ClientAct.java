package io.text2video.standalone.faults;

import java.time.Instant;

/**
 * What a client did about a job that was asked for, and what came of it.
 *
 * @param way by which it went, such as {@code gateway-1}
 * @param text the job's status of an answer that has one; of a record, where it lies
 */
record ClientAct(
        Kind kind, String job, String way, Instant sent, Instant answered, Answer.Outcome outcome, String text) {
    enum Kind {
        CANCEL,
        /** A record on {@code video.control}. */
        CANCEL_RECORD,
        DELETE,
        /** A GET. */
        LOOK,
        /** The request once more. */
        RESEND,
        /** A malformed request with the id of a job that there is. */
        SPOIL,
        /** A malformed request with an id of its own. */
        STRAY;

        boolean isMalformed() {
            return this == SPOIL || this == STRAY;
        }
    }

    boolean is(Kind other, Answer.Outcome wanted) {
        return kind == other && outcome == wanted;
    }
}
