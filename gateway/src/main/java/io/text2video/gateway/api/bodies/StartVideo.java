package io.text2video.gateway.api.bodies;

import io.text2video.common.job.JobId;
import io.text2video.common.storage.ObjectKeys;
import io.text2video.gateway.api.errors.ApiErrorCode;
import io.text2video.gateway.api.errors.ApiException;
import java.util.Optional;

/** The video that another one is to be made from, or drawn along, not looked at yet. */
public sealed interface StartVideo {
    /** What another one is made from. */
    String FIELD = "video";

    /** What another one is drawn along. */
    String CONTROL = "control_video";

    /** The client sent it. */
    @SuppressWarnings("ArrayRecordComponent") // a carrier of bytes that nobody compares
    record Sent(String field, byte[] file, VideoFormat format) implements StartVideo {}

    /** It is in the bucket. */
    record Stored(String field, String key) implements StartVideo {}

    /** It is a job's, which the client has named. */
    record OfJob(String field, String id) implements StartVideo {}

    /** The request's field that it came in: {@link #FIELD} or {@link #CONTROL}. */
    String field();

    /** Whether another one is drawn along it. */
    default boolean isControl() {
        return field().equals(CONTROL);
    }

    /** @throws ApiException when it is too large, or no video by its first bytes */
    static StartVideo sent(String field, byte[] file) {
        if (file.length > BodyLimits.VIDEO) {
            throw ApiException.of(
                    ApiErrorCode.BODY_TOO_LARGE,
                    field,
                    "%s must not be larger than %d bytes (32 MiB); store a larger one in the fleet's bucket and send its key"
                            .formatted(field, BodyLimits.VIDEO));
        }
        return new Sent(field, file, format(field, file));
    }

    /** @throws ApiException when it is no video by its first bytes */
    static VideoFormat format(String field, byte[] file) {
        return VideoFormat.of(file)
                .orElseThrow(() -> invalid(
                        field, "must be %s; its first bytes are of none of these".formatted(VideoFormat.NAMES)));
    }

    /**
     * The one that a message names.
     *
     * @throws ApiException when it names two
     */
    static Optional<StartVideo> of(SentMessage message) {
        return one(of(FIELD, message.video()), of(CONTROL, message.controlVideo()));
    }

    /** @throws ApiException when there are both */
    static Optional<StartVideo> one(Optional<StartVideo> first, Optional<StartVideo> other) {
        if (first.isPresent() && other.isPresent()) {
            String field = other.get().field();
            throw invalid(
                    field,
                    field.equals(first.get().field())
                            ? "was sent as a file and as text"
                            : "cannot be sent together with " + first.get().field());
        }
        return first.or(() -> other);
    }

    /** @throws ApiException when it names neither a job nor a key, or both */
    static Optional<StartVideo> of(String field, NewInputVideo wanted) {
        if (wanted == null) {
            return Optional.empty();
        }
        if ((wanted.id() == null) == (wanted.key() == null)) {
            throw invalid(field, "must have one of id and key");
        }
        return Optional.of(wanted.key() == null ? new OfJob(field, wanted.id()) : new Stored(field, wanted.key()));
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

    private static ApiException invalid(String field, String reason) {
        return ApiException.of(ApiErrorCode.INVALID_VALUE, field, field + " " + reason);
    }
}
