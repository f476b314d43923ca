package io.text2video.gateway.storage;

import io.text2video.common.job.JobId;
import io.text2video.gateway.jobs.Video;
import jakarta.validation.constraints.NotNull;
import java.time.Instant;

/**
 * What a request with an {@code Idempotency-Key} was answered, or is to be once its job is on the broker.
 *
 * @param request what distinguishes the request from others that come with the same key: a hash of it
 * @param video the answer; its id is the job's, whoever sends the request to the broker
 * @param time when the key was taken, by the clock of the gateway that did
 */
public record FirstAnswer(@NotNull String request, @NotNull Video video, @NotNull Instant time) {

    public JobId job() {
        return JobId.parse(video.id());
    }
}
