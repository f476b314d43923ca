package io.text2video.standalone.faults;

/**
 * A promise that was not kept.
 *
 * @param job whose, or what is no job's
 * @param history all that is known of it
 */
record Violation(Kind kind, String job, String text, String history) {
    enum Kind {
        /** An accepted job has no terminal state. */
        NO_END,
        /** Those who tell of a job's end tell of different ones. */
        DIFFERENT_ENDS,
        /** A good request that nobody took back did not end in a video, or a malformed one did not fail. */
        WRONG_END,
        /** A gateway's answer is not the job's end. */
        WRONG_ANSWER,
        /** A deleted job is there again, or another one is gone. */
        CAME_OR_WENT,
        /** A worker of another pool had the job. */
        WRONG_POOL,
        /** A malformed record was dropped. */
        NOT_DEAD_LETTERED,
        /** A good request is among the dead letters. */
        WRONG_DEAD_LETTER,
        /** The video that the end names is not there. */
        NO_VIDEO,
        /** The video is not that of an undisturbed run. */
        WRONG_VIDEO,
        /** Something of a job that has ended is still in the store: another attempt's video, a claim, a checkpoint. */
        LEFT_BEHIND,
        /** An object, a state or an event of a job that nobody asked for. */
        NOBODYS,
        /** One submission made two jobs. */
        SUBMITTED_TWICE,
        /** Two workers were the same attempt. */
        SHARED_ATTEMPT,
        /** One attempt started twice. */
        STARTED_TWICE,
        /** A later attempt has a lower number. */
        ATTEMPTS_OUT_OF_ORDER,
        /** An attempt began though only the store was away. */
        RENDERED_AGAIN,
        /** The job's webhook was not called. */
        NO_WEBHOOK,
        /** Calls of one webhook have different ids. */
        WEBHOOK_ID_CHANGED,
        /** A call's signature is wrong. */
        UNSIGNED_WEBHOOK,
        /** A call tells of another end than the job's. */
        WRONG_WEBHOOK
    }

    @Override
    public String toString() {
        return "%s: %s%n%s".formatted(kind, text, history);
    }
}
