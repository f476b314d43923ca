package io.text2video.worker.hub;

import io.text2video.worker.hub.HubException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** A user's access token. Prints as asterisks. */
public final class HubToken {
    private static final Pattern VISIBLE = Pattern.compile("[\\x21-\\x7e]+");

    private final String value;

    private HubToken(String value) {
        this.value = value;
    }

    /**
     * The token of {@code HF_TOKEN}, else the one that {@code hf auth login} left in a file.
     *
     * @throws HubException when a token has characters that no header may hold
     * @throws IOException when the file cannot be read
     */
    static Optional<HubToken> of(Map<String, String> environment) throws IOException {
        if (HubSettings.isTrue(environment.get("HF_HUB_DISABLE_IMPLICIT_TOKEN"))) {
            return Optional.empty();
        }
        String value = environment.getOrDefault("HF_TOKEN", environment.getOrDefault("HUGGING_FACE_HUB_TOKEN", ""));
        String source = "HF_TOKEN";
        if (value.isBlank()) {
            Path file = HubSettings.path(environment, "HF_TOKEN_PATH")
                    .orElseGet(() -> HubSettings.home(environment).resolve("token"));
            value = Files.isRegularFile(file) ? Files.readString(file) : "";
            source = file.toString();
        }
        String token = value.strip();
        if (token.isEmpty()) {
            return Optional.empty();
        }
        if (!VISIBLE.matcher(token).matches()) {
            throw new HubException(
                    Reason.INVALID_SETTING,
                    source + " holds no token: a token is one word of visible ASCII characters");
        }
        return Optional.of(new HubToken(token));
    }

    String authorization() {
        return "Bearer " + value;
    }

    @Override
    public String toString() {
        return "***";
    }
}
