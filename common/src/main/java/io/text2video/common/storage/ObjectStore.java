package io.text2video.common.storage;

import io.minio.BucketExistsArgs;
import io.minio.CopyObjectArgs;
import io.minio.GetObjectArgs;
import io.minio.ListObjectsArgs;
import io.minio.PutObjectArgs;
import io.minio.PutObjectBaseArgs;
import io.minio.RemoveObjectArgs;
import io.minio.Result;
import io.minio.SourceObject;
import io.minio.StatObjectArgs;
import io.minio.UploadObjectArgs;
import io.minio.errors.ErrorResponseException;
import io.minio.errors.MinioException;
import io.minio.messages.Item;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;

/** The bucket that holds the videos. Thread-safe. */
public final class ObjectStore implements AutoCloseable {
    private static final Set<String> ABSENT = Set.of("NoSuchKey", "NotFound");
    private static final Set<String> BUCKET_IS_THERE = Set.of("BucketAlreadyOwnedByYou", "BucketAlreadyExists");
    private static final int PRECONDITION_FAILED = 412;
    private static final int NOT_IMPLEMENTED = 501;
    private static final byte[] PROBE =
            "Written by text2video to see that this store honours If-None-Match.".getBytes(StandardCharsets.UTF_8);

    /** A store that takes a connection and says nothing is as good as away. */
    private static final Duration CONNECT = Duration.ofSeconds(10);

    private static final Duration ANSWER = Duration.ofSeconds(60);

    private final S3Client client;
    private final String bucket;
    private final LongAdder failures = new LongAdder();

    /** @throws MissingCredentialsException when neither {@code config} nor the environment has any */
    public ObjectStore(S3Config config) {
        this(config, ANSWER);
    }

    /** @param answer how long the store may say nothing */
    ObjectStore(S3Config config, Duration answer) {
        client = new S3Client(config, CONNECT, answer);
        bucket = config.bucket();
    }

    /**
     * Makes the bucket unless it is there. Safe with several doing so at once.
     *
     * @throws IOException when the store does not answer or refuses
     */
    public void ensureBucket() throws IOException {
        call(S3Operation.CREATE_BUCKET, bucket, () -> {
            try {
                if (!client.await(client.bucketExists(
                        BucketExistsArgs.builder().bucket(bucket).build()))) {
                    client.make(bucket);
                }
            } catch (ErrorResponseException e) {
                if (!BUCKET_IS_THERE.contains(e.errorResponse().code())) {
                    throw e;
                }
            }
            return bucket;
        });
    }

    /**
     * Requires of the store that a conditional write fails where there is an object. It leaves one small object that later
     * starts find, so that any number may ask at once.
     *
     * @throws UnsupportedStoreException when the store ignores or refuses conditions
     * @throws IOException when the store does not answer or refuses for another reason
     */
    public void requireConditionalWrites() throws IOException {
        boolean wasAbsent = putProbe();
        if (wasAbsent && putProbe()) {
            throw unsupported("ignores it: a write replaced an object that was there");
        }
    }

    private boolean putProbe() throws IOException {
        try {
            return putIfAbsent(ObjectKeys.PROBE, PROBE, "text/plain");
        } catch (IOException e) {
            if (e.getCause() instanceof ErrorResponseException refusal
                    && refusal.response().code() == NOT_IMPLEMENTED) {
                throw unsupported("refuses it: " + refusal.getMessage());
            }
            throw e;
        }
    }

    private UnsupportedStoreException unsupported(String how) {
        return new UnsupportedStoreException(
                "the object store of bucket %s has no conditional writes (If-None-Match: * on PUT), without which a job could end twice; it %s"
                        .formatted(bucket, how));
    }

    /**
     * Stores a file, over what was there. It goes in one piece up to 5 GiB: of an upload that breaks, or whose process is
     * killed, the store keeps nothing, where parts would stay until a lifecycle rule removes them.
     */
    public void upload(String key, Path file, String contentType) throws IOException {
        call(
                S3Operation.PUT,
                key,
                () -> client.await(client.uploadObject(UploadObjectArgs.builder()
                        .bucket(bucket)
                        .object(key)
                        .filename(file.toString(), PutObjectBaseArgs.MAX_PART_SIZE)
                        .contentType(contentType)
                        .build())));
    }

    /**
     * Stores {@code bytes} unless there is an object already: of any number who try at once, one succeeds.
     *
     * @return whether it was stored
     */
    public boolean putIfAbsent(String key, byte[] bytes, String contentType) throws IOException {
        return call(S3Operation.PUT, key, () -> {
            try {
                client.await(client.putObject(PutObjectArgs.builder()
                        .bucket(bucket)
                        .object(key)
                        .data(bytes, bytes.length)
                        .contentType(contentType)
                        .extraHeaders(Map.of("If-None-Match", "*"))
                        .build()));
                return true;
            } catch (ErrorResponseException e) {
                if (e.response().code() == PRECONDITION_FAILED) {
                    return false;
                }
                throw e;
            }
        });
    }

    /** Keys of all objects whose keys begin so, in their order. */
    public List<String> list(String prefix) throws IOException {
        return list(prefix, item -> true, Integer.MAX_VALUE);
    }

    /** The first {@code most} of them that were last written before that time, by the store's clock. */
    public List<String> listWrittenBefore(Instant time, String prefix, int most) throws IOException {
        return list(prefix, item -> item.lastModified().toInstant().isBefore(time), most);
    }

    private List<String> list(String prefix, Predicate<Item> wanted, int most) throws IOException {
        return call(S3Operation.LIST, prefix, () -> {
            List<String> keys = new ArrayList<>();
            // Asks for a page when it is come to.
            for (Result<Item> result : client.listObjects(ListObjectsArgs.builder()
                    .bucket(bucket)
                    .prefix(prefix)
                    .recursive(true)
                    .build())) {
                Item item = result.get();
                if (wanted.test(item)) {
                    keys.add(item.objectName());
                }
                if (keys.size() == most) {
                    break;
                }
            }
            return keys;
        });
    }

    /** Stores {@code bytes}, over what was there. */
    public void put(String key, byte[] bytes, String contentType) throws IOException {
        call(
                S3Operation.PUT,
                key,
                () -> client.await(client.putObject(PutObjectArgs.builder()
                        .bucket(bucket)
                        .object(key)
                        .data(bytes, bytes.length)
                        .contentType(contentType)
                        .build())));
    }

    /** The whole object, or nothing when there is none. For small ones. */
    public Optional<byte[]> read(String key) throws IOException {
        return callUnlessAbsent(S3Operation.GET, key, () -> {
            try (InputStream in = client.await(client.getObject(
                    GetObjectArgs.builder().bucket(bucket).object(key).build()))) {
                return in.readAllBytes();
            }
        });
    }

    /** The object's first {@code most} bytes, all of it when it has no more, or nothing when there is none. */
    public Optional<byte[]> readStart(String key, int most) throws IOException {
        return callUnlessAbsent(S3Operation.GET, key, () -> {
            try (InputStream in = client.await(client.getObject(
                    GetObjectArgs.builder().bucket(bucket).object(key).build()))) {
                return in.readNBytes(most);
            }
        });
    }

    /** Bytes of the object, or nothing when there is none. */
    public Optional<Long> size(String key) throws IOException {
        return callUnlessAbsent(S3Operation.HEAD, key, () -> client.await(client.statObject(
                        StatObjectArgs.builder().bucket(bucket).object(key).build()))
                .size());
    }

    /** {@code length} bytes of the object from {@code offset} on; the caller closes the stream. */
    public InputStream open(String key, long offset, long length) throws IOException {
        return call(
                S3Operation.GET,
                key,
                () -> client.await(client.getObject(GetObjectArgs.builder()
                        .bucket(bucket)
                        .object(key)
                        .offset(offset)
                        .length(length)
                        .build())));
    }

    /**
     * Stores an object once more, over what was there, within the store.
     *
     * @return whether there was one
     */
    public boolean copy(String from, String to) throws IOException {
        return callUnlessAbsent(
                        S3Operation.COPY,
                        from,
                        () -> client.await(client.copyObject(CopyObjectArgs.builder()
                                .bucket(bucket)
                                .object(to)
                                .source(SourceObject.builder()
                                        .bucket(bucket)
                                        .object(from)
                                        .build())
                                .build())))
                .isPresent();
    }

    /** Removes the object; no matter when there is none. */
    public void remove(String key) throws IOException {
        call(S3Operation.DELETE, key, () -> {
            client.await(client.removeObject(
                    RemoveObjectArgs.builder().bucket(bucket).object(key).build()));
            return key;
        });
    }

    /** How many calls have failed so far: the store did not answer, or refused. */
    public long failures() {
        return failures.sum();
    }

    private <T> Optional<T> callUnlessAbsent(S3Operation what, String key, S3Operation.Call<T> call)
            throws IOException {
        return call(what, key, () -> {
            try {
                return Optional.of(call.run());
            } catch (ErrorResponseException e) {
                if (ABSENT.contains(e.errorResponse().code())) {
                    return Optional.empty();
                }
                throw e;
            }
        });
    }

    /** The client throws an IllegalStateException when nobody answers, of all things. */
    private <T> T call(S3Operation what, String key, S3Operation.Call<T> call) throws IOException {
        try {
            return what.run(bucket, key, call);
        } catch (MinioException | IOException | IllegalStateException e) {
            failures.increment();
            throw new IOException("the object store failed to %s %s: %s".formatted(what, key, e.getMessage()), e);
        }
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
