package io.text2video.gateway.app;

import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready until the gateway is told to end. */
@Readiness
@ApplicationScoped
class ShutdownReadiness implements HealthCheck {
    private final GracefulShutdown departure;

    ShutdownReadiness(GracefulShutdown departure) {
        this.departure = departure;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("serving")
                .status(departure.isServing())
                .build();
    }
}
