package io.text2video.gateway.webhook;

import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.EmptyWebhookSecretException;
import com.standardwebhooks.exceptions.WebhookSigningException;
import io.smallrye.config.Secret;
import jakarta.inject.Singleton;
import java.time.Instant;

/** Holds the secret, and lets no one see it. */
@Singleton
public class WebhookSigner {
    private static final String PREFIX = "whsec_";

    /** Null when none is configured. */
    private final Webhook secret;

    WebhookSigner(WebhookConfig config) {
        secret = config.secret().map(Secret::get).map(WebhookSigner::parse).orElse(null);
    }

    /** Whether there is a secret: without one there are no webhooks. */
    public boolean isConfigured() {
        return secret != null;
    }

    /** The {@code webhook-signature}. */
    String sign(String webhookId, Instant timestamp, String body) {
        if (secret == null) {
            throw new IllegalStateException("webhook.secret is not configured");
        }
        try {
            return secret.sign(webhookId, timestamp.getEpochSecond(), body);
        } catch (WebhookSigningException e) {
            throw new IllegalStateException("the webhook cannot be signed", e);
        }
    }

    private static Webhook parse(String secret) {
        try {
            if (secret.startsWith(PREFIX)) {
                return new Webhook(secret);
            }
        } catch (EmptyWebhookSecretException | IllegalArgumentException e) {
            // Told below, without the cause: its message may show the secret.
        }
        throw new IllegalStateException("webhook.secret must be whsec_ followed by base64");
    }
}
