package io.text2video.common.job;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonCreator.Mode;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * Whom a job belongs to. Tenants share a fleet and see nothing of each other.
 *
 * @param name in DNS's form, as Kubernetes has it: lower-case letters, digits and inner hyphens, at most 63
 */
public record Tenant(@JsonValue String name) {
    private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
    private static final int SHOWN = 80;

    /** Whose jobs those are that name no tenant. */
    public static final Tenant DEFAULT = new Tenant("default");

    /** @throws IllegalArgumentException when the name is none */
    @JsonCreator(mode = Mode.DELEGATING)
    public Tenant {
        if (name == null || !NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "must be 1 to 63 lower-case letters, digits and inner hyphens, not \"%s\"".formatted(shown(name)));
        }
    }

    /** The tenant that a message means, where none is named by null. */
    public static Tenant orDefault(Tenant named) {
        return Objects.requireNonNullElse(named, DEFAULT);
    }

    /** As a message has it: the default one is not named. */
    Tenant orNull() {
        return equals(DEFAULT) ? null : this;
    }

    private static String shown(String name) {
        return name == null || name.length() <= SHOWN ? name : name.substring(0, SHOWN) + "…";
    }

    @Override
    public String toString() {
        return name;
    }
}
