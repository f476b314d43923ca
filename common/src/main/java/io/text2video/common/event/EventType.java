package io.text2video.common.event;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** What happened to a job. */
public enum EventType {
    STARTED,
    PROGRESS,
    COMPLETED,
    FAILED,
    CANCELLED;

    /** The CloudEvents {@code type} and the name in JSON: {@code video.completed}. */
    @JsonValue
    public String wireName() {
        return "video." + name().toLowerCase(Locale.ROOT);
    }
}
