package io.text2video.gateway.app;

import io.smallrye.reactive.messaging.providers.extension.HealthCenter;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Unready once a channel has ended. The connector's own readiness asks for a connection, and is off. */
@Readiness
@ApplicationScoped
class ChannelReadiness implements HealthCheck {
    private final HealthCenter channels;

    ChannelReadiness(HealthCenter channels) {
        this.channels = channels;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("channels")
                .status(channels.getLiveness().isOk())
                .build();
    }
}
