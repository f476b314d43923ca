package io.text2video.gateway.app;

import io.smallrye.reactive.messaging.providers.extension.HealthCenter;
import io.text2video.gateway.consumers.GroupConsumers;
import io.text2video.gateway.jobs.JobView;
import io.text2video.kafka.ServiceThread;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import java.util.stream.Stream;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.health.Readiness;

/**
 * The gateway is alive as long as every thread of it is, and ready when it is, knows the jobs, and is not about to end. The
 * broker is not asked: while it is away, all gateways would be unready at once, and none left to say 503 and to show what is
 * known. For the same reason the connector's own readiness, which asks for a connection, is off.
 */
@ApplicationScoped
class GatewayHealth {
    private final Instance<ServiceThread> threads;
    private final GroupConsumers consumers;
    private final JobView view;
    private final HealthCenter channels;
    private final GracefulShutdown shutdown;

    GatewayHealth(
            @Any Instance<ServiceThread> threads,
            GroupConsumers consumers,
            JobView view,
            HealthCenter channels,
            GracefulShutdown shutdown) {
        this.threads = threads;
        this.consumers = consumers;
        this.view = view;
        this.channels = channels;
        this.shutdown = shutdown;
    }

    @Produces
    @Liveness
    HealthCheck liveness() {
        return () -> {
            var response = HealthCheckResponse.named("threads").status(areAlive());
            threads().forEach(thread -> response.withData(thread.name(), thread.isAlive()));
            return response.build();
        };
    }

    @Produces
    @Readiness
    HealthCheck readiness() {
        return () -> {
            boolean reads = channels.getLiveness().isOk();
            return HealthCheckResponse.named("gateway")
                    .status(areAlive() && reads && view.isFilled() && shutdown.isServing())
                    .withData("threads", areAlive())
                    .withData("channels", reads)
                    .withData("filled", view.isFilled())
                    .withData("serving", shutdown.isServing())
                    .build();
        };
    }

    private boolean areAlive() {
        return threads().allMatch(ServiceThread::isAlive);
    }

    private Stream<ServiceThread> threads() {
        return Stream.concat(threads.stream(), consumers.all().stream());
    }
}
