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
    /** The variables that errors name. */
    String HTTP = "WEBHOOK_DANGEROUS_ALLOW_HTTP";

    String NETWORKS = "WEBHOOK_DANGEROUS_ALLOWED_NETWORKS";

    /**
     * {@code whsec_} and base64: signs every call, but for jobs that bring a secret of their own. Without it, requests that name
     * a webhook and bring none are refused.
     */
    Optional<Secret<String>> secret();

    /** What was the secret before: signs too, so that receivers may learn the new one meanwhile. */
    Optional<Secret<String>> previousSecret();

    /** The wait before each further try; when they are used up, the call is given up. */
    @WithDefault(RetrySchedule.USUAL)
    List<Duration> retryDelays();

    /** For connecting, and for a whole call. */
    @WithDefault("15s")
    Duration timeout();

    /** Whether http URLs are called too. Dangerous: whoever is on the way reads the job, and may answer in the receiver's place. */
    @WithDefault("false")
    boolean dangerousAllowHttp();

    /**
     * Networks that are called though they are not public, in CIDR notation. Dangerous: whoever may ask for a video can have
     * the gateway send a POST to any address and port there.
     */
    Optional<List<String>> dangerousAllowedNetworks();
}
