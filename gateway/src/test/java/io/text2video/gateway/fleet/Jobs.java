package io.text2video.gateway.fleet;

import io.text2video.common.job.AttemptId;
import io.text2video.common.job.JobId;
import io.text2video.common.job.JobSnapshot;
import io.text2video.common.job.StageTimings;
import io.text2video.common.job.VideoFile;
import io.text2video.common.job.VideoRequest;
import io.text2video.common.job.Webhook;
import io.text2video.common.model.VideoParameters;
import io.text2video.common.storage.ObjectKeys;
import java.time.Instant;

/** Jobs for tests. */
public final class Jobs {
    public static final Instant TIME = Instant.parse("2026-01-02T03:04:05Z");
    public static final VideoParameters PARAMETERS =
            new VideoParameters("blurry", 25, 2.0, null, null, null, 64, 96, 17, 8, 42L, null, null);

    private Jobs() {}

    public static JobSnapshot queued(JobId id) {
        return queued(id, TIME, null);
    }

    public static JobSnapshot queued(JobId id, Instant createdAt, String webhook) {
        return JobSnapshot.queued(
                new VideoRequest(
                        VideoRequest.VERSION,
                        id,
                        "cogvideox-tiny",
                        "a red ball",
                        PARAMETERS,
                        null,
                        webhook == null ? null : Webhook.of(webhook),
                        createdAt),
                createdAt);
    }

    public static JobSnapshot started(JobId id) {
        return started(queued(id));
    }

    public static JobSnapshot started(JobSnapshot queued) {
        return queued.started(
                new AttemptId(1, 1), "worker-1", queued.model(), PARAMETERS, null, 2.211, TIME.plusSeconds(1));
    }

    public static JobSnapshot completed(JobId id, long bytes) {
        return completed(queued(id), bytes);
    }

    public static JobSnapshot completed(JobSnapshot queued, long bytes) {
        JobId id = queued.id();
        return started(queued)
                .completed(
                        new VideoFile(
                                ObjectKeys.video(id, new AttemptId(1, 1)),
                                ObjectKeys.poster(id, new AttemptId(1, 1)),
                                bytes,
                                96,
                                64,
                                17,
                                8,
                                2.125),
                        new StageTimings(1.0, 0.01, 1.5, 0.5, 0.05, 0.02),
                        null,
                        TIME.plusSeconds(4));
    }
}
