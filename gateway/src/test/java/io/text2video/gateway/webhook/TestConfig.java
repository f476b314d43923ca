package io.text2video.gateway.webhook;

import io.smallrye.config.Secret;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The configuration of a gateway that calls over http too. */
record TestConfig(
        Optional<Secret<String>> secret,
        Optional<Secret<String>> previousSecret,
        boolean dangerousAllowHttp,
        List<String> networks)
        implements WebhookConfig {
    static final String SECRET = "whsec_c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0";

    static TestConfig signingWith(String secret) {
        return new TestConfig(Optional.of(() -> secret), Optional.empty(), true, List.of());
    }

    static TestConfig allowing(String... networks) {
        return new TestConfig(Optional.of(() -> SECRET), Optional.empty(), true, List.of(networks));
    }

    static TestConfig withHttpsAlone() {
        return new TestConfig(Optional.of(() -> SECRET), Optional.empty(), false, List.of());
    }

    @Override
    public List<Duration> retryDelays() {
        return List.of();
    }

    @Override
    public Duration timeout() {
        return Duration.ofMinutes(1);
    }

    @Override
    public Optional<List<String>> dangerousAllowedNetworks() {
        return networks.isEmpty() ? Optional.empty() : Optional.of(networks);
    }
}
