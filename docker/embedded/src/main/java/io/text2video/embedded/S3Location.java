package io.text2video.embedded;

import io.smallrye.config.Secret;
import io.text2video.common.storage.S3Config;
import java.util.Optional;

/** An object store that is told of by values, and not by configuration. */
public record S3Location(
        String endpoint, Optional<String> accessKey, Optional<Secret<String>> secretKey, String bucket, String region)
        implements S3Config {
    /** The fleet's own bucket there. */
    public S3Location(String endpoint, String accessKey, String secretKey) {
        this(endpoint, accessKey, secretKey, "text2video", "us-east-1");
    }

    public S3Location(String endpoint, String accessKey, String secretKey, String bucket, String region) {
        this(endpoint, Optional.of(accessKey), Optional.of(() -> secretKey), bucket, region);
    }

    @Override
    public String toString() {
        return "S3 at " + endpoint;
    }
}
