package io.text2video.worker.app;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
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

    void register(@Observes StartupEvent event, MeterRegistry meters) {
        Gauge.builder("text2video.worker.ready", this, health -> health.isReady() ? 1 : 0)
                .description("1 while the worker is ready, else 0")
                .register(meters);
        Gauge.builder("text2video.worker.disk.free", worker, each -> each.freeDisk().stream()
                        .asDoubleStream()
                        .findFirst()
                        .orElse(Double.NaN))
                .baseUnit("bytes")
                .description("What is free where the videos in the making are")
                .register(meters);
    }

    @Produces
    @ApplicationScoped
    @Readiness
    HealthCheck readiness() {
        return () -> check(isReady());
    }

    @Produces
    @ApplicationScoped
    @Liveness
    HealthCheck liveness() {
        return () -> check(worker.state().isAlive() && worker.hearsOfCancels());
    }

    private boolean isReady() {
        return worker.state().isReady()
                && worker.hearsOfCancels()
                && (worker.state() != WorkerState.READY || worker.hasRoom() && worker.isServed());
    }

    private HealthCheckResponse check(boolean up) {
        return HealthCheckResponse.named("worker")
                .status(up)
                .withData("state", worker.state().name())
                .build();
    }
}
