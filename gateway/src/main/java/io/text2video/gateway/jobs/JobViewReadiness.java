package io.text2video.gateway.jobs;

import io.smallrye.health.api.AsyncHealthCheck;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready when the broker answers and the view has read all that is on it. */
@Readiness
@ApplicationScoped
class JobViewReadiness implements AsyncHealthCheck {
    private final JobView view;

    JobViewReadiness(JobView view) {
        this.view = view;
    }

    @Override
    public Uni<HealthCheckResponse> call() {
        var response = HealthCheckResponse.named("job-view");
        return view.upToDate().map(done -> response.up().build()).onFailure().recoverWithItem(failure -> response.down()
                .withData("reason", failure.getMessage())
                .build());
    }
}
