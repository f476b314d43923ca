package io.text2video.common.storage;

import io.minio.MakeBucketArgs;
import io.minio.MinioAsyncClient;
import io.minio.credentials.Provider;
import io.minio.errors.MinioException;
import java.util.concurrent.CompletionException;

/** Makes buckets. S3 takes no location in its first region, and AWS refuses one there; MinIO's client always names it. */
final class BucketMaker extends MinioAsyncClient {
    private static final String FIRST_REGION = "us-east-1";

    private final String region;

    BucketMaker(S3Config config, Provider credentials) {
        super(MinioAsyncClient.builder()
                .endpoint(config.endpoint())
                .credentialsProvider(credentials)
                .region(config.region())
                .build());
        region = config.region();
    }

    void make(MakeBucketArgs args) throws MinioException {
        try {
            if (region.equals(FIRST_REGION)) {
                checkArgs(args);
                executePutAsync(args, null, null, null).join().close();
            } else {
                makeBucket(args).join();
            }
        } catch (CompletionException e) {
            throwMinioException(e);
        }
    }
}
