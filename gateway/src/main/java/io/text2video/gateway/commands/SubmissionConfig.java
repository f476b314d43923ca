package io.text2video.gateway.commands;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Accepting jobs. */
@ConfigMapping(prefix = "submission")
interface SubmissionConfig {
    /** How long the broker may take to acknowledge a request. Then 503. */
    @WithDefault("10s")
    Duration timeout();
}
