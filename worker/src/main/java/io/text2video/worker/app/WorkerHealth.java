package io.text2video.worker.app;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.health.Readiness;

/** Ready once the preferred model is loaded and the queue is joined, and while there is room on the disk. */
@ApplicationScoped
class WorkerHealth {
    private final Worker worker;

    WorkerHealth(Worker worker) {
        this.worker = worker;
    }

    @Produces
    @ApplicationScoped
    @Readiness
    HealthCheck readiness() {
        return () -> check(worker.state().isReady() && (worker.state() != WorkerState.READY || worker.hasRoom()));
    }

    @Produces
    @ApplicationScoped
    @Liveness
    HealthCheck liveness() {
        return () -> check(worker.state().isAlive());
    }

    private HealthCheckResponse check(boolean up) {
        return HealthCheckResponse.named("worker")
                .status(up)
                .withData("state", worker.state().name())
                .build();
    }
}
