package io.text2video.gateway.app;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.reactive.messaging.providers.extension.HealthCenter;
import io.text2video.gateway.consumers.GroupConsumers;
import io.text2video.gateway.jobs.JobView;
import io.text2video.kafka.ServiceThread;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
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

    void register(@Observes StartupEvent event, MeterRegistry meters) {
        Gauge.builder("text2video.gateway.ready", this, health -> health.isReady() ? 1 : 0)
                .description("1 while this gateway is ready, else 0")
                .register(meters);
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
            return HealthCheckResponse.named("gateway")
                    .status(isReady())
                    .withData("threads", areAlive())
                    .withData("channels", isSending())
                    .withData("filled", view.isFilled())
                    .withData("serving", shutdown.isServing())
                    .build();
        };
    }

    private boolean isReady() {
        return areAlive() && isSending() && view.isFilled() && shutdown.isServing();
    }

    private boolean isSending() {
        return channels.getLiveness().isOk();
    }

    private boolean areAlive() {
        return threads().allMatch(ServiceThread::isAlive);
    }

    private Stream<ServiceThread> threads() {
        return Stream.concat(threads.stream(), consumers.all().stream());
    }
}
