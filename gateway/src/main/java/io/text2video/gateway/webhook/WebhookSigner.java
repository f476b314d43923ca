package io.text2video.gateway.webhook;

import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.EmptyWebhookSecretException;
import com.standardwebhooks.exceptions.WebhookSigningException;
import io.quarkus.runtime.Startup;
import io.smallrye.config.Secret;
import io.text2video.common.webhook.WebhookDelivery;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Holds the secrets, and lets no one see them. */
@Singleton
@Startup
public class WebhookSigner {
    private static final String PREFIX = "whsec_";

    /** The newest first; none when none is configured. */
    private final List<Webhook> secrets;

    WebhookSigner(WebhookConfig config) {
        // Where none is configured there is a Secret of nothing.
        Optional<String> newest = config.secret().map(Secret::get);
        Optional<String> previous = config.previousSecret().map(Secret::get);
        if (newest.isEmpty() && previous.isPresent()) {
            throw new IllegalStateException("webhook.previous-secret is set without webhook.secret: set both, or none");
        }
        secrets = Stream.concat(
                        newest.stream().map(secret -> parse("webhook.secret", secret)),
                        previous.stream().map(secret -> parse("webhook.previous-secret", secret)))
                .toList();
    }

    /** Whether there is a secret for it, its own or this gateway's. */
    public boolean canSign(io.text2video.common.job.Webhook webhook) {
        return webhook.secret() != null || !secrets.isEmpty();
    }

    /** The {@code webhook-signature}: one for each secret, with spaces between. */
    String sign(WebhookDelivery delivery, Instant timestamp, String body) {
        List<Webhook> with = delivery.secret() == null
                ? secrets
                : List.of(parse("webhook.secret", delivery.secret().value()));
        if (with.isEmpty()) {
            throw new IllegalStateException("webhook.secret is not configured");
        }
        return with.stream()
                .map(secret -> sign(secret, delivery.webhookId(), timestamp, body))
                .collect(Collectors.joining(" "));
    }

    private static String sign(Webhook secret, String webhookId, Instant timestamp, String body) {
        try {
            return secret.sign(webhookId, timestamp.getEpochSecond(), body);
        } catch (WebhookSigningException e) {
            throw new IllegalStateException("the webhook cannot be signed", e);
        }
    }

    private static Webhook parse(String name, String secret) {
        try {
            if (secret.startsWith(PREFIX)) {
                return new Webhook(secret);
            }
        } catch (EmptyWebhookSecretException | IllegalArgumentException e) {
            // Told below, without the cause: its message may show the secret.
        }
        throw new IllegalStateException(name + " must be whsec_ followed by base64");
    }
}
