package io.text2video.embedded;

import io.text2video.common.storage.S3Config;
import java.io.IOException;
import java.nio.file.Path;

class EmbeddedS3ConformanceTest extends ObjectStoreConformance {
    private EmbeddedS3 s3;

    @Override
    S3Config start(Path data) throws IOException {
        s3 = new EmbeddedS3(data, 0, "key", "secret-key");
        return s3.config();
    }

    @Override
    void stop() {
        s3.close();
    }
}
