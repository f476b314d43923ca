package io.text2video.gateway.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.WebhookVerificationException;
import io.text2video.common.job.JobId;
import io.text2video.common.job.WebhookEvent;
import io.text2video.common.job.WebhookSecret;
import io.text2video.common.webhook.WebhookDelivery;
import io.text2video.gateway.fleet.Jobs;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookSignerTest {
    private static final String ID = "019b7c2f-1a2b-7c3d-8e4f-5a6b7c8d9e0f";

    @Test
    void shouldSignAsTheStandardSays() throws Exception {
        String secret = "whsec_c2VjcmV0c2VjcmV0c2VjcmV0";
        Instant now = Instant.now();

        String signature = new WebhookSigner(TestConfig.signingWith(secret)).sign(delivery(null), now, "{}");

        verify(secret, now, signature);
    }

    @Test
    void shouldSignWithTwoSecretsWhileOneTakesTheOthersPlace() throws Exception {
        // Given
        String secret = "whsec_" + base64("the new secret, 24 bytes");
        String previous = "whsec_" + base64("the old secret, 24 bytes");
        var signer = new WebhookSigner(
                new TestConfig(Optional.of(() -> secret), Optional.of(() -> previous), true, List.of()));

        // When
        Instant now = Instant.now();
        String signature = signer.sign(delivery(null), now, "{}");

        // Then a receiver that knows either takes it
        assertThat(signature).matches("v1,\\S+ v1,\\S+");
        verify(secret, now, signature);
        verify(previous, now, signature);
    }

    @Test
    void shouldSignWithAJobsOwnSecretAlone() throws Exception {
        String own = "whsec_" + base64("a job's own secret, it is");
        var signer = new WebhookSigner(TestConfig.allowing());

        Instant now = Instant.now();
        String signature = signer.sign(delivery(own), now, "{}");

        verify(own, now, signature);
        assertThatThrownBy(() -> verify(TestConfig.SECRET, now, signature))
                .isInstanceOf(WebhookVerificationException.class);
    }

    @Test
    void shouldShowNobodyAJobsOwnSecret() {
        String own = "whsec_" + base64("a job's own secret, it is");

        assertThat(delivery(own).toString()).contains("redacted").doesNotContain(own.substring(6));
    }

    @Test
    void shouldServeNoWebhooksWithoutASecret() {
        var signer = new WebhookSigner(new TestConfig(Optional.empty(), Optional.empty(), true, List.of()));

        assertThat(signer.canSign(io.text2video.common.job.Webhook.of("https://example.com/")))
                .isFalse();
        assertThat(signer.canSign(new io.text2video.common.job.Webhook(
                        "https://example.com/", null, new WebhookSecret(TestConfig.SECRET))))
                .isTrue();
    }

    @Test
    void shouldRefuseAPreviousSecretWithoutOne() {
        var config = new TestConfig(Optional.empty(), Optional.of(() -> TestConfig.SECRET), true, List.of());

        assertThatThrownBy(() -> new WebhookSigner(config))
                .hasMessage("webhook.previous-secret is set without webhook.secret: set both, or none");
    }

    @ParameterizedTest
    @ValueSource(strings = {"hunter2", "whsec_", "whsec_hunter2!"})
    void shouldRefuseAMalformedSecretWithoutShowingIt(String secret) {
        assertThatThrownBy(() -> new WebhookSigner(TestConfig.signingWith(secret)))
                .hasMessage("webhook.secret must be whsec_ followed by base64")
                .hasNoCause();
    }

    private static WebhookDelivery delivery(String secret) {
        return new WebhookDelivery(
                1,
                JobId.parse(ID),
                "https://example.com/",
                secret == null ? null : new WebhookSecret(secret),
                WebhookEvent.COMPLETED,
                Jobs.TIME,
                0,
                Jobs.TIME,
                null,
                0,
                null);
    }

    /** As a receiver does, by the standard's own library. */
    private static void verify(String secret, Instant time, String signature) throws Exception {
        new Webhook(secret)
                .verify(
                        "{}",
                        Map.of(
                                "webhook-id",
                                List.of(ID + ".video.completed"),
                                "webhook-timestamp",
                                List.of(Long.toString(time.getEpochSecond())),
                                "webhook-signature",
                                List.of(signature)));
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
    }
}
