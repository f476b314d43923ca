package io.text2video.gateway.webhook;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Startup;
import io.smallrye.health.api.Wellness;
import io.text2video.common.webhook.WebhookDelivery;
import io.text2video.gateway.deliveries.FailingHosts;
import io.text2video.gateway.jobs.JobView;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;

/**
 * Has deliveries wait whose host is paused, but for one now and then that looks whether it still is to be. Shows operators which
 * hosts are. Thread-safe.
 */
@Singleton
@Startup
class PausedHosts {
    /** Then it is looked at again whether the host is paused; up to twice as long, so that a release is no stampede. */
    private static final Duration LOOK_AGAIN = Duration.ofMinutes(5);

    private final FailingHosts hosts;
    /** The last call that was let through to each. */
    private final Map<String, Instant> probes = new HashMap<>();

    @Inject
    PausedHosts(JobView view, MeterRegistry meters) {
        this(view.deliveries().hosts(), meters);
    }

    PausedHosts(FailingHosts hosts, MeterRegistry meters) {
        this.hosts = hosts;
        Gauge.builder("text2video.webhook.hosts.paused", hosts, all -> all.paused()
                        .size())
                .description("Hosts of webhooks that have taken no call for so long that theirs wait")
                .register(meters);
    }

    /** When to look again; nothing where it may be called now. What was asked for by hand may be. */
    synchronized Optional<Instant> again(WebhookDelivery delivery, Instant now) {
        String host = FailingHosts.host(delivery.url());
        Optional<FailingHosts.Failing> paused = hosts.paused(host);
        if (paused.isEmpty()) {
            probes.remove(host);
            return Optional.empty();
        }
        Instant last = probes.get(host);
        boolean isProbed = last != null && last.isAfter(paused.get().last());
        if (delivery.isByHand() || (!isProbed && !paused.get().probe().isAfter(now))) {
            probes.put(host, now);
            return Optional.empty();
        }
        long millis = LOOK_AGAIN.toMillis();
        return Optional.of(now.plusMillis(millis + ThreadLocalRandom.current().nextLong(millis)));
    }

    /** Whether calls of it are no part of their schedule. */
    boolean isPaused(WebhookDelivery delivery) {
        return hosts.paused(FailingHosts.host(delivery.url())).isPresent();
    }

    @Produces
    @Wellness
    HealthCheck paused() {
        return () -> {
            var response = HealthCheckResponse.named("webhook hosts paused").up();
            hosts.paused()
                    .forEach(host -> response.withData(
                            host.host(), "since %s, called again %s".formatted(host.since(), host.probe())));
            return response.build();
        };
    }
}
