package io.text2video.worker.hub;

import io.text2video.worker.hub.HubException.Reason;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What huggingface_hub's variables say.
 *
 * @param endpoint where the hub is, {@code http} or {@code https}, without a slash at its end
 * @param token empty for reading public models only
 * @param offline no connection may be made
 * @param timeout how long a connection may be silent
 */
public record HubSettings(URI endpoint, Optional<HubToken> token, boolean offline, Duration timeout) {
    private static final String PUBLIC = "https://huggingface.co";
    private static final Set<String> TRUE = Set.of("1", "ON", "YES", "TRUE");
    private static final Pattern VARIABLE = Pattern.compile("\\$(?:(\\w+)|\\{([^}]*)})");
    private static final long DEFAULT_TIMEOUT = 10;

    /**
     * Reads {@code HF_ENDPOINT}, {@code HF_TOKEN}, {@code HF_TOKEN_PATH}, {@code HF_HUB_OFFLINE},
     * {@code HF_HUB_DOWNLOAD_TIMEOUT} and {@code HF_HUB_DISABLE_IMPLICIT_TOKEN}.
     *
     * @throws HubException when one of them has no usable value
     * @throws IOException when the token's file cannot be read
     */
    public static HubSettings of(Map<String, String> environment) throws IOException {
        return new HubSettings(
                endpoint(environment),
                HubToken.of(environment),
                offline(environment),
                Duration.ofSeconds(seconds(environment, "HF_HUB_DOWNLOAD_TIMEOUT")));
    }

    private static boolean offline(Map<String, String> environment) {
        return isTrue(given(environment, "HF_HUB_OFFLINE").orElse(environment.get("TRANSFORMERS_OFFLINE")));
    }

    private static URI endpoint(Map<String, String> environment) throws HubException {
        String text = given(environment, "HF_ENDPOINT").orElse(PUBLIC).replaceAll("/+$", "");
        try {
            URI endpoint = URI.create(text);
            String scheme = String.valueOf(endpoint.getScheme());
            if (endpoint.getHost() != null && endpoint.getUserInfo() == null && scheme.matches("https?")) {
                return endpoint;
            }
        } catch (IllegalArgumentException e) {
            // Told below, with what an endpoint looks like.
        }
        throw new HubException(
                Reason.INVALID_SETTING,
                "HF_ENDPOINT is no address of a hub, such as %s: %s".formatted(PUBLIC, Printable.of(text)));
    }

    private static long seconds(Map<String, String> environment, String name) throws HubException {
        Optional<String> text = given(environment, name);
        if (text.isEmpty()) {
            return DEFAULT_TIMEOUT;
        }
        if (!text.get().matches("[1-9][0-9]{0,4}")) {
            throw new HubException(
                    Reason.INVALID_SETTING, "%s is no number of seconds: %s".formatted(name, Printable.of(text.get())));
        }
        return Long.parseLong(text.get());
    }

    /** {@code HF_HOME}, or where it is by default. */
    static Path home(Map<String, String> environment) {
        return path(environment, "HF_HOME")
                .or(() -> path(environment, "XDG_CACHE_HOME").map(cache -> cache.resolve("huggingface")))
                .orElseGet(() -> Path.of(userHome(environment), ".cache", "huggingface"));
    }

    /**
     * The path that a variable holds, read as huggingface_hub does, by Python's {@code expanduser} and then
     * {@code expandvars}; but a blank one counts as none.
     *
     * @throws IllegalArgumentException when it begins with another user's home, which Java cannot look up
     */
    static Optional<Path> path(Map<String, String> environment, String name) {
        return Optional.ofNullable(environment.get(name))
                .filter(text -> !text.isBlank())
                .map(text -> Path.of(expandVariables(expandUser(name, text, environment), environment)));
    }

    private static String expandUser(String name, String text, Map<String, String> environment) {
        if (!text.startsWith("~")) {
            return text;
        }
        if (text.length() > 1 && text.charAt(1) != '/') {
            throw new IllegalArgumentException(
                    "%s begins with another user's home: %s; write the whole path".formatted(name, Printable.of(text)));
        }
        return userHome(environment) + text.substring(1);
    }

    /** Those that are not set stay as they are written. */
    private static String expandVariables(String text, Map<String, String> environment) {
        return VARIABLE.matcher(text).replaceAll(reference -> {
            String variable = Objects.requireNonNullElse(reference.group(1), reference.group(2));
            return Matcher.quoteReplacement(environment.getOrDefault(variable, reference.group()));
        });
    }

    static boolean isTrue(String value) {
        return value != null && TRUE.contains(value.toUpperCase(Locale.ROOT));
    }

    private static Optional<String> given(Map<String, String> environment, String name) {
        return Optional.ofNullable(environment.get(name)).map(String::strip).filter(text -> !text.isEmpty());
    }

    /** {@code HOME}, else that of the password file. */
    private static String userHome(Map<String, String> environment) {
        return given(environment, "HOME").orElseGet(() -> System.getProperty("user.home"));
    }
}
