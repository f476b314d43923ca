package io.text2video.common.lifecycle;

import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.time.Instant;

/**
 * Who has an attempt, as it stands in the bucket.
 *
 * @param record the one that the worker was handed: {@code TOPIC-PARTITION@OFFSET}
 */
public record Claim(@Min(1) int version, @NotNull String worker, @NotNull String record, @NotNull Instant time) {
    public static final int VERSION = 1;

    public Claim {
        version = version == 0 ? VERSION : version;
    }
}
