package io.text2video.common.control;

import com.fasterxml.jackson.annotation.JsonValue;
import io.text2video.common.job.JobId;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.time.Instant;
import java.util.Locale;

/** What somebody wants done to a job that is already on its way: the message on {@code video.control}. */
public record ControlMessage(@Min(1) int version, @NotNull JobId id, @NotNull Action action, @NotNull Instant time) {

    public static final int VERSION = 1;

    public ControlMessage {
        version = version == 0 ? VERSION : version;
    }

    public enum Action {
        CANCEL;

        @JsonValue
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
