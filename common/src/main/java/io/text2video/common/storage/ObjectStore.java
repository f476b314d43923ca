package io.text2video.common.storage;

import io.minio.BucketExistsArgs;
import io.minio.GetObjectArgs;
import io.minio.MakeBucketArgs;
import io.minio.MinioClient;
import io.minio.PutObjectArgs;
import io.minio.RemoveObjectArgs;
import io.minio.StatObjectArgs;
import io.minio.UploadObjectArgs;
import io.minio.errors.ErrorResponseException;
import io.minio.errors.MinioException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The bucket that holds the videos. Thread-safe. */
public final class ObjectStore implements AutoCloseable {
    private static final Set<String> ABSENT = Set.of("NoSuchKey", "NotFound");
    private static final Set<String> BUCKET_IS_THERE = Set.of("BucketAlreadyOwnedByYou", "BucketAlreadyExists");
    private static final int PRECONDITION_FAILED = 412;

    private final MinioClient client;
    private final String bucket;

    public ObjectStore(S3Config config) {
        client = MinioClient.builder()
                .endpoint(config.endpoint())
                .credentials(config.accessKey(), config.secretKey())
                .region(config.region())
                .build();
        bucket = config.bucket();
    }

    /**
     * Makes the bucket unless it is there. Safe with several doing so at once.
     *
     * @throws IOException when the store does not answer or refuses
     */
    public void ensureBucket() throws IOException {
        try {
            if (!client.bucketExists(BucketExistsArgs.builder().bucket(bucket).build())) {
                client.makeBucket(MakeBucketArgs.builder().bucket(bucket).build());
            }
        } catch (ErrorResponseException e) {
            if (!BUCKET_IS_THERE.contains(e.errorResponse().code())) {
                throw failure("make bucket", bucket, e);
            }
        } catch (MinioException e) {
            throw failure("make bucket", bucket, e);
        }
    }

    /** Stores a file, over what was there. */
    public void upload(String key, Path file, String contentType) throws IOException {
        try {
            client.uploadObject(UploadObjectArgs.builder()
                    .bucket(bucket)
                    .object(key)
                    .filename(file.toString())
                    .contentType(contentType)
                    .build());
        } catch (MinioException e) {
            throw failure("store", key, e);
        }
    }

    /**
     * Stores {@code bytes} unless there is an object already: of any number who try at once, one succeeds.
     *
     * @return whether it was stored
     */
    public boolean putIfAbsent(String key, byte[] bytes, String contentType) throws IOException {
        try {
            client.putObject(PutObjectArgs.builder()
                    .bucket(bucket)
                    .object(key)
                    .data(bytes, bytes.length)
                    .contentType(contentType)
                    .extraHeaders(Map.of("If-None-Match", "*"))
                    .build());
            return true;
        } catch (ErrorResponseException e) {
            if (e.response().code() == PRECONDITION_FAILED) {
                return false;
            }
            throw failure("store", key, e);
        } catch (MinioException e) {
            throw failure("store", key, e);
        }
    }

    /** The whole object, or nothing when there is none. For small ones. */
    public Optional<byte[]> read(String key) throws IOException {
        try (InputStream in = client.getObject(
                GetObjectArgs.builder().bucket(bucket).object(key).build())) {
            return Optional.of(in.readAllBytes());
        } catch (ErrorResponseException e) {
            if (ABSENT.contains(e.errorResponse().code())) {
                return Optional.empty();
            }
            throw failure("read", key, e);
        } catch (MinioException e) {
            throw failure("read", key, e);
        }
    }

    /** Bytes of the object, or nothing when there is none. */
    public Optional<Long> size(String key) throws IOException {
        try {
            return Optional.of(client.statObject(
                            StatObjectArgs.builder().bucket(bucket).object(key).build())
                    .size());
        } catch (ErrorResponseException e) {
            if (ABSENT.contains(e.errorResponse().code())) {
                return Optional.empty();
            }
            throw failure("look up", key, e);
        } catch (MinioException e) {
            throw failure("look up", key, e);
        }
    }

    /** {@code length} bytes of the object from {@code offset} on; the caller closes the stream. */
    public InputStream open(String key, long offset, long length) throws IOException {
        try {
            return client.getObject(GetObjectArgs.builder()
                    .bucket(bucket)
                    .object(key)
                    .offset(offset)
                    .length(length)
                    .build());
        } catch (MinioException e) {
            throw failure("read", key, e);
        }
    }

    /** Removes the object; no matter when there is none. */
    public void remove(String key) throws IOException {
        try {
            client.removeObject(
                    RemoveObjectArgs.builder().bucket(bucket).object(key).build());
        } catch (MinioException e) {
            throw failure("remove", key, e);
        }
    }

    private static IOException failure(String what, String key, MinioException e) {
        return new IOException("the object store failed to %s %s: %s".formatted(what, key, e.getMessage()), e);
    }

    @Override
    public void close() {
        try {
            client.close();
        } catch (Exception e) {
            throw new IllegalStateException("the object store's client did not close", e);
        }
    }
}
