package io.text2video.gateway.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.standardwebhooks.Webhook;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookSignerTest {
    @Test
    void shouldSignAsTheStandardSays() throws Exception {
        String secret = "whsec_c2VjcmV0c2VjcmV0c2VjcmV0";
        Instant now = Instant.now();

        String signature = new WebhookSigner(TestConfig.signingWith(secret)).sign("id", now, "{}");

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
        assertThat(new WebhookSigner(new TestConfig(Optional.empty(), true, List.of())).isConfigured())
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"hunter2", "whsec_", "whsec_hunter2!"})
    void shouldRefuseAMalformedSecretWithoutShowingIt(String secret) {
        assertThatThrownBy(() -> new WebhookSigner(TestConfig.signingWith(secret)))
                .hasMessage("webhook.secret must be whsec_ followed by base64")
                .hasNoCause();
    }
}
