package io.text2video.gateway.api.events;

import io.text2video.common.event.EventType;
import io.text2video.common.job.JobId;
import io.text2video.common.job.JobSnapshot;
import io.text2video.gateway.api.DeletedVideo;
import io.text2video.gateway.jobs.Job;
import io.text2video.gateway.jobs.JobView;
import io.text2video.gateway.jobs.Video;
import java.util.Objects;

/**
 * What is told of a job on a stream: how it stands.
 *
 * @param name as of the events on Kafka, where there is one
 * @param id another one wherever there is something to tell; the same on every gateway
 * @param data the Video, or that there is none any more
 * @param isLast whether nothing follows of this job
 */
record JobEvent(String name, String id, Object data, boolean isLast) {
    static JobEvent of(Job job, JobView view) {
        JobSnapshot snapshot = job.snapshot();
        Video video = view.show(job);
        String stands = snapshot.attemptId() + "." + snapshot.status().wireName();
        return switch (snapshot.status()) {
            case QUEUED ->
                following(
                        "video.queued",
                        "%s.%s.%s".formatted(stands, text(video.queuePosition()), text(video.estimatedStartAt())),
                        video);
            case IN_PROGRESS ->
                following(
                        (video.step() == 0 ? EventType.STARTED : EventType.PROGRESS).wireName(),
                        "%s.%s.%s.%s"
                                .formatted(
                                        stands, video.step(), text(video.decodedFrames()), text(video.previewStep())),
                        video);
            case COMPLETED -> last(EventType.COMPLETED.wireName(), stands, video);
            case FAILED -> last(EventType.FAILED.wireName(), stands, video);
            case CANCELLED -> last(EventType.CANCELLED.wireName(), stands, video);
            case DELETED -> deleted(job.id());
        };
    }

    /** Nobody is shown the job any more. */
    static JobEvent deleted(JobId id) {
        return last("video.deleted", "deleted", new DeletedVideo(id.toString()));
    }

    private static JobEvent following(String name, String id, Object data) {
        return new JobEvent(name, id, data, false);
    }

    private static JobEvent last(String name, String id, Object data) {
        return new JobEvent(name, id, data, true);
    }

    JobEvent withId(String other) {
        return new JobEvent(name, other, data, isLast);
    }

    private static String text(Object number) {
        return Objects.toString(number, "-");
    }
}
