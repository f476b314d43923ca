package io.text2video.common.storage;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.Secret;
import io.smallrye.config.WithDefault;
import java.util.Optional;

/** The object store that holds the videos: MinIO or any other that speaks S3. */
@ConfigMapping(prefix = "s3")
public interface S3Config {
    /** Such as {@code http://minio:9000}. */
    @WithDefault("http://localhost:9000")
    String endpoint();

    /** Together with {@link #secretKey}. Without both, credentials are looked for where AWS's own programs do. */
    Optional<String> accessKey();

    Optional<Secret<String>> secretKey();

    /** Made at the start when absent. */
    @WithDefault("text2video")
    String bucket();

    @WithDefault("us-east-1")
    String region();
}
