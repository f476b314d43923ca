package io.text2video.gateway.jobs;

import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/**
 * Ready once the view has known all that was on the broker, and as long as it reads. The broker is not asked: while it is
 * away, all gateways would be unready at once, and none left to say 503 and to show what is known.
 */
@Readiness
@ApplicationScoped
class JobViewReadiness implements HealthCheck {
    private final JobView view;

    JobViewReadiness(JobView view) {
        this.view = view;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("job-view")
                .status(view.isFilled() && view.isAlive())
                .withData("filled", view.isFilled())
                .withData("reads", view.isAlive())
                .build();
    }
}
