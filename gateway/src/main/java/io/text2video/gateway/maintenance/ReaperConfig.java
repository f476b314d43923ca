package io.text2video.gateway.maintenance;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

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
