package io.text2video.gateway.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.standardwebhooks.Webhook;
import io.smallrye.config.Secret;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookSignerTest {
    private record Config(Optional<Secret<String>> secret) implements WebhookConfig {
        Config(String secret) {
            this(Optional.of(() -> secret));
        }

        @Override
        public List<Duration> retryDelays() {
            return List.of();
        }

        @Override
        public Duration timeout() {
            return Duration.ofSeconds(1);
        }
    }

    @Test
    void shouldSignAsTheStandardSays() throws Exception {
        String secret = "whsec_c2VjcmV0c2VjcmV0c2VjcmV0";
        Instant now = Instant.now();

        String signature = new WebhookSigner(new Config(secret)).sign("id", now, "{}");

        new Webhook(secret)
                .verify(
                        "{}",
                        Map.of(
                                "webhook-id",
                                List.of("id"),
                                "webhook-timestamp",
                                List.of(Long.toString(now.getEpochSecond())),
                                "webhook-signature",
                                List.of(signature)));
    }

    @Test
    void shouldServeNoWebhooksWithoutASecret() {
        assertThat(new WebhookSigner(new Config(Optional.empty())).isConfigured())
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"hunter2", "whsec_", "whsec_hunter2!"})
    void shouldRefuseAMalformedSecretWithoutShowingIt(String secret) {
        assertThatThrownBy(() -> new WebhookSigner(new Config(secret)))
                .hasMessage("webhook.secret must be whsec_ followed by base64")
                .hasNoCause();
    }
}
