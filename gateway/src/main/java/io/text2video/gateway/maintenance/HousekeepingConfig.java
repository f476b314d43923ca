package io.text2video.gateway.maintenance;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Which gateway does what only one is to do. */
@ConfigMapping(prefix = "housekeeping")
interface HousekeepingConfig {
    /**
     * After such a silence of the one that leads, another gateway takes over. The broker's
     * {@code group.min.session.timeout.ms}, 6 s, is the least.
     */
    @WithDefault("10s")
    Duration sessionTimeout();
}
