package io.text2video.gateway.app;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** The gateway's end. How long requests in hand may take from then on is {@code quarkus.shutdown.timeout}. */
@ConfigMapping(prefix = "shutdown")
interface ShutdownConfig {
    /** How long requests are still taken once readiness is off: as long as a load balancer takes to see it. */
    @WithDefault("0s")
    Duration notice();
}
