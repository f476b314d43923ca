package io.text2video.common.storage;

import io.minio.MakeBucketArgs;
import io.minio.MinioAsyncClient;
import io.minio.errors.MinioException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import okhttp3.ConnectionSpec;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;

/** MinIO's client, which waits for a store that says nothing no longer than it is told. Thread-safe. */
final class S3Client extends MinioAsyncClient {
    private static final String FIRST_REGION = "us-east-1";

    private final String region;

    /**
     * @param connect how long a connection may take
     * @param answer how long the store may say nothing
     * @throws MissingCredentialsException when neither {@code config} nor the environment has any
     */
    S3Client(S3Config config, Duration connect, Duration answer) {
        super((isPlain(config) ? builder().httpClient(plain(), true) : builder())
                .endpoint(config.endpoint())
                .credentialsProvider(S3Credentials.of(config))
                .region(config.region())
                .build());
        region = config.region();
        setTimeout(connect.toMillis(), answer.toMillis(), answer.toMillis());
    }

    private static boolean isPlain(S3Config config) {
        return config.endpoint().toLowerCase(Locale.ROOT).startsWith("http:");
    }

    /** Without TLS, for which MinIO's client would read all certificates of the machine: a second for each client. */
    private static OkHttpClient plain() {
        return new OkHttpClient.Builder()
                .protocols(List.of(Protocol.HTTP_1_1))
                .connectionSpecs(List.of(ConnectionSpec.CLEARTEXT))
                .build();
    }

    /** S3 takes no location in its first region, and AWS refuses one there; MinIO's client always names it. */
    void make(String bucket) throws MinioException {
        var args = MakeBucketArgs.builder().bucket(bucket).build();
        if (region.equals(FIRST_REGION)) {
            checkArgs(args);
            await(executePutAsync(args, null, null, null)).close();
        } else {
            await(makeBucket(args));
        }
    }

    /** Returns when it is done. */
    <T> T await(CompletableFuture<T> call) throws MinioException {
        try {
            return call.join();
        } catch (CompletionException e) {
            throwMinioException(e);
            throw e;
        }
    }
}
