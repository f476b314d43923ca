package io.text2video.common.job;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonCreator.Mode;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Base64;

/**
 * What a job's webhook is signed with, in the form of Standard Webhooks: {@code whsec_} and the base64 of 24 to 64 bytes. No
 * message and no {@link #toString} shows it.
 *
 * @param value as it was sent
 */
public record WebhookSecret(String value) {
    private static final String PREFIX = "whsec_";
    private static final int FEWEST_BYTES = 24;
    private static final int MOST_BYTES = 64;

    /** @throws IllegalArgumentException where it is none */
    @JsonCreator(mode = Mode.DELEGATING)
    public WebhookSecret {
        int bytes = bytes(value);
        if (bytes < FEWEST_BYTES || bytes > MOST_BYTES) {
            throw new IllegalArgumentException(
                    "must be %s followed by the base64 of %d to %d bytes".formatted(PREFIX, FEWEST_BYTES, MOST_BYTES));
        }
    }

    @JsonValue
    @Override
    public String value() {
        return value;
    }

    /** How many it stands for; none where it is not of the form. */
    private static int bytes(String value) {
        try {
            return value != null && value.startsWith(PREFIX)
                    ? Base64.getDecoder().decode(value.substring(PREFIX.length())).length
                    : 0;
        } catch (IllegalArgumentException e) {
            return 0;
        }
    }

    @Override
    public String toString() {
        return "WebhookSecret[redacted]";
    }
}
