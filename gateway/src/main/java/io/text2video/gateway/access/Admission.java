package io.text2video.gateway.access;

import io.smallrye.mutiny.Uni;
import io.text2video.common.access.ApiKeySecret;
import io.text2video.gateway.access.AccessConfig.Access;
import io.text2video.gateway.access.AccessRefusedException.Reason;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.Optional;

/** Lets requests in that show who sends them, by a key or by a token; all, where access is off. Thread-safe. */
@Singleton
public class Admission {
    private static final String SCHEME = "Bearer ";

    private final AccessConfig config;
    private final ApiKeys keys;
    private final AccessTokens tokens;

    Admission(AccessConfig config, ApiKeys keys, AccessTokens tokens) {
        this.config = config;
        this.keys = keys;
        this.tokens = tokens;
    }

    /**
     * Who sends a request; fails with {@link AccessRefusedException}.
     *
     * @param authorization the header; null where there is none
     */
    public Uni<Caller> admit(String authorization) {
        if (config.access() == Access.OFF) {
            return Uni.createFrom().item(Caller.ANYBODY);
        }
        Optional<String> shown = bearer(authorization);
        if (shown.isEmpty()) {
            return refused("this needs a key: send the header Authorization: Bearer " + ApiKeySecret.PREFIX + "...");
        }
        if (tokens.areTaken() && !shown.get().startsWith(ApiKeySecret.PREFIX)) {
            return tokens.caller(shown.get());
        }
        return keys.find(new ApiKeySecret(shown.get()), Instant.now())
                .map(key -> Uni.createFrom().item(Caller.of(key)))
                .orElseGet(() -> refused("the key is unknown, revoked or expired"));
    }

    /** Whether one that was let in would be once more, by what it has shown: a stream outlives its request. */
    public boolean isAdmitted(Caller caller) {
        return (caller.key() == null || keys.contains(caller.key()))
                && (caller.until() == null || Instant.now().isBefore(caller.until()));
    }

    private static Optional<String> bearer(String authorization) {
        return Optional.ofNullable(authorization)
                .filter(sent -> sent.regionMatches(true, 0, SCHEME, 0, SCHEME.length()))
                .map(sent -> sent.substring(SCHEME.length()).strip())
                .filter(shown -> !shown.isEmpty());
    }

    private static Uni<Caller> refused(String message) {
        return Uni.createFrom().failure(new AccessRefusedException(Reason.UNKNOWN, message));
    }
}
