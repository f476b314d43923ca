package io.text2video.common.job;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What a webhook can be called for: a job has come to the {@link JobStatus} of this name. */
public enum WebhookEvent {
    QUEUED,
    IN_PROGRESS,
    COMPLETED,
    FAILED,
    CANCELLED,
    DELETED;

    public static WebhookEvent of(JobStatus status) {
        return valueOf(status.name());
    }

    /** The one of that {@link #wireName}; nothing where there is none. */
    public static Optional<WebhookEvent> ofWireName(String name) {
        return Arrays.stream(values())
                .filter(event -> event.wireName().equals(name))
                .findFirst();
    }

    /** Whether it tells how the job has ended. */
    public boolean isEnd() {
        return switch (this) {
            case COMPLETED, FAILED, CANCELLED -> true;
            case QUEUED, IN_PROGRESS, DELETED -> false;
        };
    }

    /** The name in JSON: {@code video.completed}. */
    @JsonValue
    public String wireName() {
        return "video." + name().toLowerCase(Locale.ROOT);
    }
}
