package io.text2video.gateway.jobs;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** The gateway's view of the jobs. */
@ConfigMapping(prefix = "view")
interface JobViewConfig {
    /** How long a question may wait for the broker, and for the view to read what is on it. Then 503. */
    @WithDefault("5s")
    Duration patience();
}
