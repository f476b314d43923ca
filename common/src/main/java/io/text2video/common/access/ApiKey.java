package io.text2video.common.access;

import io.text2video.common.job.Tenant;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.time.Instant;

/**
 * A key to the HTTP API, without its secret: the message on the compacted {@code video.keys}, whose record has the hash as its
 * key. A tombstone revokes it.
 *
 * @param version of this record's shape; fields are only ever added
 * @param hash by {@link ApiKeySecret#hash}
 * @param tenant whose jobs are made and seen with it
 * @param name what people call it
 * @param expiresAt from when on it is refused; null for never
 */
public record ApiKey(
        @Min(1) int version,
        @NotNull @Pattern(regexp = "[0-9a-f]{64}", message = "must be 64 hexadecimal digits") String hash,
        @NotNull Tenant tenant,
        @NotNull
                @Pattern(
                        regexp = "[^\\p{Cc}\\p{Cs}]{1,64}",
                        message = "must be 1 to 64 characters, none of them a control character")
                String name,
        @NotNull Instant createdAt,
        Instant expiresAt) {

    public static final int VERSION = 1;

    private static final int ID_DIGITS = 12;

    public ApiKey {
        version = version == 0 ? VERSION : version;
    }

    /** What it is called by where its name may be another's too: the hash's first digits. */
    public String id() {
        return hash.substring(0, ID_DIGITS);
    }

    public boolean isExpired(Instant now) {
        return expiresAt != null && !now.isBefore(expiresAt);
    }
}
