package io.text2video.common.webhook;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** How a webhook's delivery stands. */
public enum DeliveryStatus {
    /** The receiver has it. */
    DELIVERED,
    /** It is to be called, or called again. */
    PENDING,
    /** It is called no more. */
    FAILED,
    /** It is to be called once its host answers again. Shown of what is pending; on no topic. */
    PAUSED;

    @JsonValue
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
