package io.text2video.gateway.jobs;

import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;

/** Alive as long as the view reads. */
@Liveness
@ApplicationScoped
class JobViewLiveness implements HealthCheck {
    private final JobView view;

    JobViewLiveness(JobView view) {
        this.view = view;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("job-view").status(view.isAlive()).build();
    }
}
