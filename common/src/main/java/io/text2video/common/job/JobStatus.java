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
 * A queued job may also fail at once, when it cannot run. The last three are terminal: nothing follows them.
 */
public enum JobStatus {
    QUEUED,
    IN_PROGRESS,
    COMPLETED,
    FAILED,
    CANCELLED;

    public boolean isTerminal() {
        return switch (this) {
            case QUEUED, IN_PROGRESS -> false;
            case COMPLETED, FAILED, CANCELLED -> true;
        };
    }

    /** The name in JSON: {@code in_progress}. */
    @JsonValue
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
