package io.text2video.worker.app;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.health.Readiness;

/**
 * Ready once the preferred model is loaded and the queue is joined, and while there is room on the disk and the broker does
 * not refuse it jobs. A worker whose reader of {@code video.control} has ended is neither ready nor alive.
 */
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
        return () -> check(worker.state().isReady()
                && worker.hearsOfCancels()
                && (worker.state() != WorkerState.READY || worker.hasRoom() && worker.isServed()));
    }

    @Produces
    @ApplicationScoped
    @Liveness
    HealthCheck liveness() {
        return () -> check(worker.state().isAlive() && worker.hearsOfCancels());
    }

    private HealthCheckResponse check(boolean up) {
        return HealthCheckResponse.named("worker")
                .status(up)
                .withData("state", worker.state().name())
                .build();
    }
}
