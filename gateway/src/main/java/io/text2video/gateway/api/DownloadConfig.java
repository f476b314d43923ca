package io.text2video.gateway.api;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Handing out videos. */
@ConfigMapping(prefix = "download")
interface DownloadConfig {
    /** How many files are handed out at once; who comes then is answered 503. Each takes a thread. */
    @WithDefault("64")
    int atOnce();

    /** A client that takes less than 64 KiB in this time is cut off. */
    @WithDefault("60s")
    Duration writeTimeout();
}
