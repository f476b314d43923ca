package io.text2video.common.control;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonValue;
import io.text2video.common.job.JobError;
import io.text2video.common.job.JobId;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.time.Instant;
import java.util.Locale;

/**
 * What somebody wants done to a job that is already on its way: the message on {@code video.control}.
 *
 * @param time when it was asked for; of a refusal, when the refused request was
 * @param error why a request was refused; null with every other action
 */
public record ControlMessage(
        @Min(1) int version,
        @NotNull JobId id,
        @NotNull Action action,
        @NotNull Instant time,
        @Valid @JsonInclude(JsonInclude.Include.NON_NULL) JobError error) {

    public static final int VERSION = 1;

    public ControlMessage {
        version = version == 0 ? VERSION : version;
    }

    public enum Action {
        CANCEL,
        /** The fleet's own: a record that names the job is no request. Fails the job, if nothing else is known of it. */
        REFUSE;

        @JsonValue
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
