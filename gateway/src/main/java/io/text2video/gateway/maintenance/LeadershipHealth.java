package io.text2video.gateway.maintenance;

import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.health.Readiness;

/** Alive and ready as long as the thread lives that takes part in the election; whether it leads does not matter. */
@Liveness
@Readiness
@ApplicationScoped
class LeadershipHealth implements HealthCheck {
    private final Leadership leadership;

    LeadershipHealth(Leadership leadership) {
        this.leadership = leadership;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("leadership")
                .status(leadership.isAlive())
                .build();
    }
}
