package io.text2video.gateway.api.bodies;

import io.text2video.common.job.JobId;
import io.text2video.common.storage.ObjectKeys;
import io.text2video.gateway.api.errors.ApiErrorCode;
import io.text2video.gateway.api.errors.ApiException;
import java.util.Optional;

/** The video that another one is to be made from, not looked at yet. */
public sealed interface StartVideo {
    String FIELD = "video";

    /** The client sent it. */
    @SuppressWarnings("ArrayRecordComponent") // a carrier of bytes that nobody compares
    record Sent(byte[] file, VideoFormat format) implements StartVideo {}

    /** It is in the bucket. */
    record Stored(String key) implements StartVideo {}

    /** It is a job's, which the client has named. */
    record OfJob(String id) implements StartVideo {}

    /** @throws ApiException when it is too large, or no video by its first bytes */
    static StartVideo sent(byte[] file) {
        if (file.length > BodyLimits.VIDEO) {
            throw ApiException.of(
                    ApiErrorCode.BODY_TOO_LARGE,
                    FIELD,
                    "video must not be larger than %d bytes (32 MiB); store a larger one in the fleet's bucket and send its key"
                            .formatted(BodyLimits.VIDEO));
        }
        return new Sent(file, format(file));
    }

    /** @throws ApiException when it is no video by its first bytes */
    static VideoFormat format(byte[] file) {
        return VideoFormat.of(file)
                .orElseThrow(
                        () -> invalid("must be %s; its first bytes are of none of these".formatted(VideoFormat.NAMES)));
    }

    /** @throws ApiException when it names neither a job nor a key, or both */
    static Optional<StartVideo> of(NewInputVideo wanted) {
        if (wanted == null) {
            return Optional.empty();
        }
        if ((wanted.id() == null) == (wanted.key() == null)) {
            throw invalid("must have one of id and key");
        }
        return Optional.of(wanted.key() == null ? new OfJob(wanted.id()) : new Stored(wanted.key()));
    }

    /**
     * Where it is for the new job: what goes with another one is stored once more.
     *
     * @throws IllegalStateException where it is not known yet
     */
    default String keyFor(JobId id) {
        if (this instanceof Sent sent) {
            return ObjectKeys.input(id, sent.format().extension());
        }
        if (this instanceof Stored stored) {
            String key = stored.key();
            return ObjectKeys.isOfJob(key) ? ObjectKeys.input(id, key.substring(key.lastIndexOf('.') + 1)) : key;
        }
        throw new IllegalStateException("nobody has looked for " + this);
    }

    private static ApiException invalid(String reason) {
        return ApiException.of(ApiErrorCode.INVALID_VALUE, FIELD, FIELD + " " + reason);
    }
}
