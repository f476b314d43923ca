package io.text2video.gateway.maintenance;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** What one gateway does for all; how long jobs are kept is {@link io.text2video.gateway.jobs.RetentionConfig}. */
final class MaintenanceConfig {
    private MaintenanceConfig() {}

    /** Which gateway it is. */
    @ConfigMapping(prefix = "housekeeping")
    interface LeadershipConfig {
        /**
         * After such a silence of the one that leads, another gateway takes over. The broker's
         * {@code group.min.session.timeout.ms}, 6 s, is the least.
         */
        @WithDefault("10s")
        Duration sessionTimeout();
    }

    /** Finding jobs that the queue has lost. */
    @ConfigMapping(prefix = "reaper")
    interface ReaperConfig {
        /** Whether the gateway that leads does it, this one or another: the same in all of them. */
        @WithDefault("true")
        boolean enabled();

        /** How long nothing may have been heard of a job. Longer than {@code fleet.record-lock}. */
        @WithDefault("2m")
        Duration stale();

        /** How often it looks. */
        @WithDefault("10s")
        Duration interval();
    }
}
