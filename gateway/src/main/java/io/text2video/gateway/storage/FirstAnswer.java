package io.text2video.gateway.storage;

import io.text2video.common.job.JobId;
import io.text2video.gateway.jobs.Video;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import java.time.Instant;
import java.util.List;

/**
 * What a request with an {@code Idempotency-Key} was answered, or is to be once its jobs are on the broker.
 *
 * @param request what distinguishes the request from others that come with the same key: a hash of it
 * @param videos the answer, one for each job of the request; their ids are the jobs', whoever sends them to the broker
 * @param time when the key was taken, by the clock of the gateway that did
 */
public record FirstAnswer(@NotNull String request, @NotEmpty List<@NotNull Video> videos, @NotNull Instant time) {

    public List<JobId> jobs() {
        return videos.stream().map(video -> JobId.parse(video.id())).toList();
    }
}
