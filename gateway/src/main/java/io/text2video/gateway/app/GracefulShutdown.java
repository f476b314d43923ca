package io.text2video.gateway.app;

import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Where the gateway stands when it is told to end. Quarkus finishes the requests in hand after the last of these, then the
 * producers send what they have and the consumers leave their groups.
 *
 * <pre>
 *   SERVING ──► LEAVING ──► REFUSING
 *               not ready   503 to what is new
 * </pre>
 */
@Singleton
public class GracefulShutdown {
    /** The gateway's end. How long requests in hand may take from then on is {@code quarkus.shutdown.timeout}. */
    @ConfigMapping(prefix = "shutdown")
    interface ShutdownConfig {
        /** How long requests are still taken once readiness is off: as long as a load balancer takes to see it. */
        @WithDefault("0s")
        Duration notice();
    }

    private static final Logger LOG = Logger.getLogger(GracefulShutdown.class);

    private enum Phase {
        SERVING,
        LEAVING,
        REFUSING
    }

    private final Duration notice;
    private volatile Phase phase = Phase.SERVING;

    GracefulShutdown(ShutdownConfig config) {
        notice = config.notice();
    }

    /** Whether the gateway is to stay. */
    public boolean isServing() {
        return phase == Phase.SERVING;
    }

    /** Whether nothing new is to be begun. */
    public boolean isRefusing() {
        return phase == Phase.REFUSING;
    }

    /** Returns when requests are refused. */
    void begin(@Observes ShutdownDelayInitiatedEvent event) {
        phase = Phase.LEAVING;
        LOG.infof("gateway leaves notice=%s", notice);
        try {
            TimeUnit.MILLISECONDS.sleep(notice.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        phase = Phase.REFUSING;
    }
}
