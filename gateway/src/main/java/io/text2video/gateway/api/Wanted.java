package io.text2video.gateway.api;

import io.opentelemetry.context.Context;
import io.text2video.common.job.JobId;
import io.text2video.common.job.Tenant;
import io.text2video.common.storage.ObjectKeys;
import io.text2video.gateway.access.Caller;
import io.text2video.gateway.api.bodies.StartImage;
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
 * @param remixed the job that it is to be like; null for none
 * @param trace what its jobs are a part of; may have no span
 */
record Wanted(Tenant tenant, CreateVideoRequest fields, Optional<StartImage> image, JobId remixed, Context trace) {
    private static final int MOST = 8;

    /**
     * A request that is like no job.
     *
     * @throws ApiException when the image is not for this client
     */
    static Wanted of(Caller caller, CreateVideoRequest fields, Optional<StartImage> image) {
        image.ifPresent(start -> requireOwn(caller, start));
        return new Wanted(caller.tenant(), fields, image, null, Context.root());
    }

    /** The same as a part of a request. */
    Wanted partOf(Context request) {
        return new Wanted(tenant, fields, image, remixed, request);
    }

    /**
     * The jobs to be made, with new ids.
     *
     * @throws ApiException when there are too many of them, or none
     */
    List<NewJob> newJobs(Instant time) {
        int number = Objects.requireNonNullElse(fields.n(), 1);
        if (number < 1 || number > MOST) {
            throw ApiException.of(
                    ApiErrorCode.INVALID_VALUE,
                    "n",
                    "n must be a whole number from 1 to %d, not %d".formatted(MOST, number));
        }
        return jobs(Stream.generate(JobId::next).limit(number).toList(), time);
    }

    /** The jobs to be made, with these ids. */
    List<NewJob> jobs(List<JobId> ids, Instant time) {
        return IntStream.range(0, ids.size())
                .mapToObj(index -> new NewJob(ids.get(index), time, index, remixed, tenant))
                .toList();
    }

    private static void requireOwn(Caller caller, StartImage image) {
        if (image instanceof StartImage.Stored stored
                && !caller.mayStartFrom(stored.reference().key())) {
            throw ApiException.of(
                    ApiErrorCode.FORBIDDEN,
                    StartImage.FIELD,
                    "%s names %s, but a key must begin with %s, where your tenant's images are"
                            .formatted(StartImage.FIELD, stored.reference().key(), ObjectKeys.inputs(caller.tenant())));
        }
    }
}
