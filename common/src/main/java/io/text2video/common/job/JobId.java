package io.text2video.common.job;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import com.github.f4b6a3.uuid.UuidCreator;
import com.github.f4b6a3.uuid.util.UuidValidator;
import java.util.Objects;
import java.util.UUID;

/**
 * A job's id. The fleet makes UUIDv7 (RFC 9562), whose order is the order of their making; a producer of its own may
 * send any UUID. Only ids that were parsed reach an object key or a log.
 */
public record JobId(UUID value) implements Comparable<JobId> {
    public JobId {
        Objects.requireNonNull(value, "value");
    }

    /** A new UUIDv7, greater than every one this process made before. */
    public static JobId next() {
        return new JobId(UuidCreator.getTimeOrderedEpochPlus1());
    }

    /**
     * Reads the canonical form: 36 characters with hyphens.
     *
     * @throws IllegalArgumentException when {@code text} is none
     */
    @JsonCreator
    public static JobId parse(String text) {
        if (text == null || text.length() != 36 || !UuidValidator.isValid(text)) {
            throw new IllegalArgumentException("must be a UUID of 36 characters, such as " + next());
        }
        return new JobId(UUID.fromString(text));
    }

    @Override
    public int compareTo(JobId other) {
        return toString().compareTo(other.toString());
    }

    @JsonValue
    @Override
    public String toString() {
        return value.toString();
    }
}
