package io.text2video.common.job;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import com.github.f4b6a3.uuid.UuidCreator;
import java.util.Objects;
import java.util.UUID;

/**
 * The id of a batch of requests: a UUID whose last 16 bits are 0. The job of each of its lines has the same id with the line's
 * number there, 1 for the first: whoever submits a line, it is that job.
 */
public record BatchId(UUID value) {
    private static final long LINE = 0xffff;
    /** UUIDv8 (RFC 9562), which says nothing of how it was made. */
    private static final long VERSION_8 = 0x8000;

    private static final long VERSION = 0xf000;
    private static final long VARIANT_2 = 0b10L << 62;
    private static final long VARIANT = 0b11L << 62;

    public BatchId {
        Objects.requireNonNull(value, "value");
        if ((value.getLeastSignificantBits() & LINE) != 0) {
            throw new IllegalArgumentException("the last 4 digits of a batch's id must be 0000, as in " + next());
        }
    }

    /** A new one. */
    public static BatchId next() {
        return of(UuidCreator.getTimeOrderedEpoch());
    }

    /**
     * The one that all have who name the same thing.
     *
     * @param hash of it, 32 hexadecimal digits at least
     */
    public static BatchId named(String hash) {
        long high = Long.parseUnsignedLong(hash.substring(0, 16), 16);
        long low = Long.parseUnsignedLong(hash.substring(16, 32), 16);
        return of(new UUID(high & ~VERSION | VERSION_8, low & ~VARIANT | VARIANT_2));
    }

    private static BatchId of(UUID uuid) {
        return new BatchId(new UUID(uuid.getMostSignificantBits(), uuid.getLeastSignificantBits() & ~LINE));
    }

    /** @throws IllegalArgumentException when it is none */
    @JsonCreator
    public static BatchId parse(String text) {
        return new BatchId(JobId.parse(text).value());
    }

    /** @param line its number, from 1 to 65,535 */
    public JobId job(int line) {
        if (line < 1 || line > LINE) {
            throw new IllegalArgumentException("line %d cannot be one of a batch".formatted(line));
        }
        return new JobId(new UUID(value.getMostSignificantBits(), value.getLeastSignificantBits() | line));
    }

    /** Whether it is the job of one of its lines. */
    public boolean has(JobId job) {
        UUID id = job.value();
        return id.getMostSignificantBits() == value.getMostSignificantBits()
                && (id.getLeastSignificantBits() & ~LINE) == value.getLeastSignificantBits();
    }

    @JsonValue
    @Override
    public String toString() {
        return value.toString();
    }
}
