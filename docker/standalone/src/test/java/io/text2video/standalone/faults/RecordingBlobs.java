package io.text2video.standalone.faults;

import java.io.InputStream;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.blobstore.ForwardingBlobStore;
import software.amazon.awssdk.services.s3.model.DeleteObjectRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectResponse;
import software.amazon.awssdk.services.s3.model.DeleteObjectsRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectsResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsRequest;
import software.amazon.awssdk.services.s3.model.ListObjectsResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Objects whose every change is on record. It can be sabotaged: told to ignore conditions on some keys, and to keep them
 * out of listings, it is a store on which the fleet's promises do not hold, as the checker must find.
 */
final class RecordingBlobs extends ForwardingBlobStore {
    private final List<Operation> operations = new CopyOnWriteArrayList<>();
    private volatile Predicate<String> unconditional = key -> false;
    private volatile Predicate<String> unlisted = key -> false;
    private volatile BeforePut beforePut = key -> {};

    /**
     * Something that was done to an object.
     *
     * @param done whether it was, and not refused by its condition
     */
    record Operation(Instant time, Kind kind, String key, boolean done) {
        enum Kind {
            PUT,
            REMOVE
        }
    }

    /** May hold a write back. */
    @FunctionalInterface
    interface BeforePut {
        void await(String key);
    }

    RecordingBlobs(BlobStore blobs) {
        super(blobs);
    }

    List<Operation> operations() {
        return List.copyOf(operations);
    }

    /** From now on, writes of these ignore their condition, and no listing shows them. */
    void sabotage(Predicate<String> keys) {
        unconditional = keys;
        unlisted = keys;
    }

    /** From now on, each write waits for this first. */
    void beforePut(BeforePut hold) {
        beforePut = hold;
    }

    @Override
    public PutObjectResponse putBlob(PutObjectRequest request, InputStream bytes) {
        beforePut.await(request.key());
        PutObjectRequest asked = unconditional.test(request.key())
                ? request.toBuilder().ifNoneMatch(null).build()
                : request;
        boolean done = false;
        try {
            PutObjectResponse response = super.putBlob(asked, bytes);
            done = true;
            return response;
        } finally {
            record(Operation.Kind.PUT, request.key(), done);
        }
    }

    @Override
    public DeleteObjectResponse removeBlob(DeleteObjectRequest request) {
        DeleteObjectResponse response = super.removeBlob(request);
        record(Operation.Kind.REMOVE, request.key(), true);
        return response;
    }

    @Override
    public DeleteObjectsResponse removeBlobs(DeleteObjectsRequest request) {
        DeleteObjectsResponse response = super.removeBlobs(request);
        request.delete().objects().forEach(object -> record(Operation.Kind.REMOVE, object.key(), true));
        return response;
    }

    @Override
    public ListObjectsV2Response list(ListObjectsV2Request request) {
        ListObjectsV2Response all = super.list(request);
        return all.toBuilder().contents(listed(all.contents())).build();
    }

    @Override
    public ListObjectsResponse listV1(ListObjectsRequest request) {
        ListObjectsResponse all = super.listV1(request);
        return all.toBuilder().contents(listed(all.contents())).build();
    }

    private List<S3Object> listed(List<S3Object> objects) {
        return objects.stream().filter(object -> !unlisted.test(object.key())).toList();
    }

    private void record(Operation.Kind kind, String key, boolean done) {
        operations.add(new Operation(Instant.now(), kind, key, done));
    }
}
