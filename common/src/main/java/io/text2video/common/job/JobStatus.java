package io.text2video.common.job;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/**
 * Where a job stands.
 *
 * <pre>
 *   QUEUED ──► IN_PROGRESS ──► COMPLETED
 *     │   ◄────────┘  │  └───► FAILED
 *     │     retry     │
 *     └───────────────┴──────► CANCELLED
 * </pre>
 *
 * A queued job may also fail at once, when it cannot run. The last three are ends, of which a job has one; nothing follows
 * them but {@code DELETED}, by which the fleet forgets the job.
 */
public enum JobStatus {
    QUEUED,
    IN_PROGRESS,
    COMPLETED,
    FAILED,
    CANCELLED,
    /** Nobody is shown it any more; what is left keeps a late request from bringing the job back. */
    DELETED;

    public boolean isTerminal() {
        return switch (this) {
            case QUEUED, IN_PROGRESS -> false;
            case COMPLETED, FAILED, CANCELLED, DELETED -> true;
        };
    }

    /** The name in JSON: {@code in_progress}. */
    @JsonValue
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
