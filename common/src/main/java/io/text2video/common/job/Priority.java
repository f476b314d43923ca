package io.text2video.common.job;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** Which of a tenant's jobs is to come first. It counts for nothing between tenants. From the last to the first. */
public enum Priority {
    LOW,
    NORMAL,
    HIGH;

    /** The priority that a message means, where none is named by null. */
    public static Priority orNormal(Priority named) {
        return named == null ? NORMAL : named;
    }

    /** The name in JSON: {@code low}. */
    @JsonValue
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
