package io.text2video.common.webhook;

import com.fasterxml.jackson.annotation.JsonIgnore;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.time.Instant;

/**
 * One call of a webhook, and what came of it.
 *
 * @param time when it began
 * @param status of the answer; null where there was none
 * @param error why there was none; null where there was one
 * @param durationMs milliseconds until the answer, or the error
 */
public record WebhookAttempt(
        @NotNull Instant time, Integer status, @Size(max = MOST_CHARACTERS) String error, @Min(0) long durationMs) {
    private static final int MOST_CHARACTERS = 200;
    private static final int GONE = 410;

    public WebhookAttempt {
        error = error == null || error.length() <= MOST_CHARACTERS ? error : error.substring(0, MOST_CHARACTERS);
    }

    /** Whether the receiver has taken it. */
    @JsonIgnore
    public boolean isTaken() {
        return status != null && status / 100 == 2;
    }

    /** Whether the receiver wants no more of the job. */
    @JsonIgnore
    public boolean isGone() {
        return status != null && status == GONE;
    }
}
