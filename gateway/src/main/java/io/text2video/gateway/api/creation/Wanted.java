package io.text2video.gateway.api.creation;

import io.opentelemetry.context.Context;
import io.text2video.common.job.JobId;
import io.text2video.common.job.Tenant;
import io.text2video.common.job.VideoReference;
import io.text2video.common.job.VideoReference.Operation;
import io.text2video.common.storage.ObjectKeys;
import io.text2video.gateway.access.Caller;
import io.text2video.gateway.api.bodies.StartImage;
import io.text2video.gateway.api.bodies.StartVideo;
import io.text2video.gateway.api.errors.ApiErrorCode;
import io.text2video.gateway.api.errors.ApiException;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * All that a client asks for with one request.
 *
 * @param tenant whose jobs they are to be
 * @param image that came with it
 * @param video that came with it, whose place in the bucket is known
 * @param operation what is made of the video
 * @param remixed the job that it is to be like, or whose video it is made from; null for none, and for a control video
 * @param trace what its jobs are a part of; may have no span
 */
public record Wanted(
        Tenant tenant,
        CreateVideoRequest fields,
        Optional<StartImage> image,
        Optional<StartVideo> video,
        Operation operation,
        JobId remixed,
        Context trace) {
    private static final int MOST = 8;

    /**
     * A request that is like no job.
     *
     * @throws ApiException when the image or the video is not for this client
     */
    public static Wanted of(
            Caller caller,
            CreateVideoRequest fields,
            Optional<StartImage> image,
            Optional<StartVideo> video,
            Operation operation) {
        image.ifPresent(start -> {
            if (start instanceof StartImage.Stored stored) {
                requireOwn(caller, StartImage.FIELD, stored.reference().key());
            }
        });
        video.ifPresent(start -> {
            if (start instanceof StartVideo.Stored stored) {
                requireOwn(caller, stored.field(), stored.key());
            }
        });
        boolean control = video.filter(StartVideo::isControl).isPresent();
        return new Wanted(
                caller.tenant(), fields, image, video, control ? Operation.CONTROL : operation, null, Context.root());
    }

    /** The same, made from the video of a job. */
    public Wanted madeFrom(JobId job, StartVideo.Stored file) {
        return new Wanted(
                tenant,
                fields,
                image,
                Optional.of(file),
                file.isControl() ? Operation.CONTROL : operation,
                file.isControl() ? null : job,
                trace);
    }

    /** The same as a part of a request. */
    public Wanted partOf(Context request) {
        return new Wanted(tenant, fields, image, video, operation, remixed, request);
    }

    /**
     * The video that a job is made from, where it will be.
     *
     * @throws ApiException when it does not go with the other fields
     */
    Optional<VideoReference> inputVideo(JobId job) {
        boolean edited = video.isPresent() && operation == Operation.EDIT;
        if (fields.strength() != null && !edited) {
            throw invalid("strength", "is for edits only: it says how far they are from their video");
        }
        if (image.isPresent() && video.isPresent()) {
            throw invalid(
                    StartVideo.FIELD, "cannot be sent together with input_reference: it is made from one of them");
        }
        return video.map(start -> new VideoReference(start.keyFor(job), operation, fields.strength()));
    }

    /**
     * The jobs to be made, with new ids.
     *
     * @throws ApiException when there are too many of them, or none
     */
    List<NewJob> newJobs(Instant time) {
        int number = Objects.requireNonNullElse(fields.n(), 1);
        if (number < 1 || number > MOST) {
            throw invalid("n", "must be a whole number from 1 to %d, not %d".formatted(MOST, number));
        }
        return jobs(Stream.generate(JobId::next).limit(number).toList(), time);
    }

    /** The jobs to be made, with these ids. */
    List<NewJob> jobs(List<JobId> ids, Instant time) {
        return IntStream.range(0, ids.size())
                .mapToObj(index -> new NewJob(ids.get(index), time, index, remixed, tenant))
                .toList();
    }

    private static void requireOwn(Caller caller, String field, String key) {
        if (!caller.mayStartFrom(key)) {
            throw ApiException.of(
                    ApiErrorCode.FORBIDDEN,
                    field,
                    "%s names %s, but a key must begin with %s, where your tenant's images and videos are"
                            .formatted(field, key, ObjectKeys.inputs(caller.tenant())));
        }
    }

    private static ApiException invalid(String field, String reason) {
        return ApiException.of(ApiErrorCode.INVALID_VALUE, field, field + " " + reason);
    }
}
