package io.text2video.gateway.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.text2video.common.job.JobStatus;
import io.text2video.gateway.batches.BatchCounts;
import io.text2video.gateway.storage.StoredBatches;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** A batch, as clients see it. */
@JsonInclude(JsonInclude.Include.ALWAYS)
@Schema(description = "Many requests that were sent at once")
record VideoBatch(
        @Schema(
                        description =
                                "Ends with 0000. The id of line N's job has N in its place, in 4 hexadecimal digits",
                        examples = "019b7c2f-1a2b-7c3d-8e4f-5a6b7c8d0000")
                String id,
        @Schema(description = "Always \"video.batch\"", examples = "video.batch") String object,
        @Schema(description = "`in_progress`, `completed` when every job has ended, `cancelling` or `cancelled`")
                String status,
        @Schema(description = "Unix seconds") long createdAt,
        @Schema(description = "How many jobs there are, and of which status") RequestCounts requestCounts) {

    @Schema(description = "A job that was not submitted yet counts as queued")
    record RequestCounts(int total, int queued, int inProgress, int completed, int failed, int cancelled, int deleted) {
        static RequestCounts of(int total, BatchCounts counts) {
            return new RequestCounts(
                    total,
                    counts.of(JobStatus.QUEUED),
                    counts.of(JobStatus.IN_PROGRESS),
                    counts.of(JobStatus.COMPLETED),
                    counts.of(JobStatus.FAILED),
                    counts.of(JobStatus.CANCELLED),
                    counts.of(JobStatus.DELETED));
        }
    }

    static VideoBatch of(StoredBatches.State state, BatchCounts counts) {
        var batch = state.batch();
        return new VideoBatch(
                batch.id().toString(),
                "video.batch",
                status(state.isCancelled(), counts.isEnded()),
                batch.createdAt().getEpochSecond(),
                RequestCounts.of(batch.requests(), counts));
    }

    private static String status(boolean cancelled, boolean ended) {
        if (cancelled) {
            return ended ? "cancelled" : "cancelling";
        }
        return ended ? "completed" : "in_progress";
    }
}
