package io.text2video.gateway.app;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** The gateway's start. */
@ConfigMapping(prefix = "start")
interface StartConfig {
    /** How long the broker and the object store may each take to answer for the first time. Then the start fails. */
    @WithDefault("60s")
    Duration patience();
}
