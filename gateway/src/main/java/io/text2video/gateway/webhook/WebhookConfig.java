package io.text2video.gateway.webhook;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.Secret;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Calling webhooks. */
@ConfigMapping(prefix = "webhook")
interface WebhookConfig {
    /** {@code whsec_} and base64: signs every call. Without it, requests that name a webhook are refused. */
    Optional<Secret<String>> secret();

    /** The wait before each further try; when they are used up, the call is given up. */
    @WithDefault("5s,5m,30m")
    List<Duration> retryDelays();

    /** For connecting, and for a whole call. */
    @WithDefault("15s")
    Duration timeout();
}
