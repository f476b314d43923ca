package io.text2video.gateway.jobs;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How long jobs are kept. */
@ConfigMapping(prefix = "retention")
public interface RetentionConfig {
    /**
     * How long after its end a job is kept, with its video. Then it is deleted as by {@code DELETE /v1/videos/ID}. 0 keeps
     * all for ever.
     */
    @WithDefault("30d")
    Duration age();

    /** How often the gateway that leads looks for jobs to delete. */
    @WithDefault("1m")
    Duration interval();

    /**
     * How long after its end a job's folder is looked into once more: an attempt that did not know of the end may have left
     * something there, and have died before it could remove it.
     */
    @WithDefault("10m")
    Duration tidyAfter();

    /** How many jobs it deletes at most each time: the store has other work to do. */
    @WithDefault("500")
    int batch();
}
