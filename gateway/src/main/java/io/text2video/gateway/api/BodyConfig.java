package io.text2video.gateway.api;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import java.util.Optional;

/** Requests' bodies. */
@ConfigMapping(prefix = "body")
interface BodyConfig {
    /** What bodies may take of the heap, all requests together; half of it unless said. What comes then is answered 503. */
    Optional<MemorySize> memory();
}
