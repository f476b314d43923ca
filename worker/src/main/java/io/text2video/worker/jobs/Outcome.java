package io.text2video.worker.jobs;

import java.util.Locale;

/** How a delivery ended for this worker. */
public enum Outcome {
    /** The video is published. */
    COMPLETED,
    /** An earlier attempt had completed the job; its end was published again. */
    REPEATED,
    /** The job's failure is published. */
    FAILED,
    /** The job failed in a way that may pass; it is queued again, for later. */
    RETRIED,
    /** The job is cancelled. */
    CANCELLED,
    /** The record asks for what another record of the job asks for too, and was dropped. */
    SUPERSEDED,
    /** The record was no request; it is on the dead letters. */
    DEAD_LETTERED,
    /** Sent on, to workers that have its model. */
    FORWARDED,
    /** Given back for another worker. */
    RELEASED,
    /** Another worker may have it; nothing was published. */
    LOST;

    /** The metrics' tag. */
    String tag() {
        return name().toLowerCase(Locale.ROOT);
    }
}
