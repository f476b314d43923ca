package io.text2video.gateway.deliveries;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** When the calls of a host's webhooks are paused. */
@ConfigMapping(prefix = "webhook.pause")
public interface PauseConfig {
    /** For how long a host takes no call until it is; 0 for never. */
    @WithDefault("48h")
    Duration after();

    /** How often one that is paused is called all the same, by each gateway. */
    @WithDefault("1h")
    Duration probeInterval();
}
