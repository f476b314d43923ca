package io.text2video.gateway.jobs;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.text2video.common.job.JobSnapshot;
import io.text2video.common.job.JobStatus;
import io.text2video.common.job.Priority;
import io.text2video.common.job.PromptTruncation;
import io.text2video.common.job.StageTimings;
import io.text2video.common.job.VideoReference;
import io.text2video.common.model.LoraScale;
import io.text2video.common.model.VideoParameters;
import io.text2video.common.webhook.DeliveryStatus;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** A job and, once completed, its video. Every field is present; those that are not known yet are null. */
@JsonInclude(JsonInclude.Include.ALWAYS)
@Schema(
        description = "A job and, once completed, its video. Every field is present, some are null.",
        requiredProperties = {"id", "object", "status"})
public record Video(
        @Schema(
                        description = "A UUID; those made here are version 7",
                        examples = "019b7c2f-1a2b-7c3d-8e4f-5a6b7c8d9e0f")
                String id,
        @Schema(description = "Always \"video\"", enumeration = "video") String object,
        @Schema(nullable = true, description = "Null when the request named none, until a worker has taken the job")
                String model,
        @Schema(description = "`completed`, `failed` and `cancelled` are final") JobStatus status,
        @Schema(description = "Percent of the denoising steps; 100 only when completed", minimum = "0", maximum = "100")
                int progress,
        @Schema(
                        nullable = true,
                        description =
                                "What its worker is at: `denoising`, `decoding`, then `upload` once all frames are"
                                        + " decoded; null unless in progress")
                VideoStage stage,
        @Schema(nullable = true, description = "How many of num_inference_steps are done; null unless in progress")
                Integer step,
        @Schema(
                        nullable = true,
                        description =
                                "How many frames are decoded, after the last step; null before that, and once it has"
                                        + " ended")
                Integer decodedFrames,
        @Schema(description = "Unix seconds") long createdAt,
        @Schema(nullable = true, description = "Unix seconds; null until the job has ended, in whichever way")
                Long completedAt,
        @Schema(
                        nullable = true,
                        description =
                                "Unix seconds; from then on the job may be gone, and its video. Null until the job has"
                                        + " ended, and where jobs are kept for ever")
                Long expiresAt,
        @Schema(nullable = true) String prompt,
        @Schema(nullable = true, description = "WIDTHxHEIGHT in pixels", examples = "720x480") String size,
        @Schema(nullable = true, description = "(num_frames - 1) / fps", examples = "6") String seconds,
        @Schema(
                        nullable = true,
                        description = "The job that it is a remix of, or whose video it is made from; null for none")
                String remixedFromVideoId,
        @Schema(nullable = true, description = "Null unless failed") VideoError error,
        @Schema(nullable = true) String negativePrompt,
        @Schema(nullable = true) Integer numFrames,
        @Schema(nullable = true) Integer fps,
        @Schema(nullable = true) Integer numInferenceSteps,
        @Schema(nullable = true) Double guidanceScale,
        @Schema(nullable = true, description = "Whether guidance grows over the steps") Boolean useDynamicCfg,
        @Schema(nullable = true, description = "As in diffusers, CogVideoX makes no use of it") Double eta,
        @Schema(
                        nullable = true,
                        description =
                                "Up to what relative change of a step earlier work is used again; 0 or null: never")
                Double cacheThreshold,
        @Schema(nullable = true, description = "The LoRAs that it is drawn with; null for none") List<LoraScale> loras,
        @Schema(nullable = true, description = "The one drawn by the worker, when the request named none") Long seed,
        @Schema(description = "Which try this is, from 1; 0 while queued") int attempt,
        @Schema(
                        nullable = true,
                        description =
                                "How many tokens the model's text limit cut from the end of what is drawn; null when none,"
                                        + " and until a worker has taken the job")
                Integer truncatedTokens,
        @Schema(nullable = true, description = "What they stand for, in the tokenizer's normal form")
                String truncatedText,
        @Schema(nullable = true, description = "Seconds that each stage took; null until completed")
                StageTimings timings,
        @Schema(
                        nullable = true,
                        description =
                                "How many steps used earlier work again; null until completed, and where every step"
                                        + " was to be computed")
                Integer reusedSteps,
        @Schema(
                        nullable = true,
                        description = "How many jobs of its pool are before it, 0 for the next one; null unless queued,"
                                + " while it waits to be tried again, and in the answer to its submission")
                Integer queuePosition,
        @Schema(
                        nullable = true,
                        description =
                                "Unix seconds: when a worker is expected to begin it; null unless queued, and where"
                                        + " nobody can tell, as no worker of its pool is at work")
                Long estimatedStartAt,
        @Schema(
                        nullable = true,
                        description =
                                "Seconds that text encoding, denoising and decoding are expected to take; null where"
                                        + " no worker has measured the model yet")
                Double estimatedSeconds,
        @Schema(
                        nullable = true,
                        description = "By what part of what they took that was too much, or too little where negative;"
                                + " null until completed, and where steps were reused")
                Double estimateError,
        @Schema(nullable = true, description = "For whom, as requested") String user,
        @Schema(nullable = true, description = "As requested") Map<String, String> metadata,
        @Schema(description = "As requested") Priority priority,
        @Schema(
                        nullable = true,
                        description =
                                "How the calls of its webhook stand: `delivered`, `pending`, `paused` until its host takes"
                                        + " calls again, or `failed`; null where it has none")
                DeliveryStatus webhookStatus,
        @Schema(
                        nullable = true,
                        description =
                                "The training timesteps that the steps start from; null for those that the model's"
                                        + " scheduler spaces")
                List<Integer> timesteps,
        @Schema(
                        nullable = true,
                        description =
                                "After how many steps the preview was made that `GET /v1/videos/{id}/preview` gives; null"
                                        + " unless in progress, and where there is none yet")
                Integer previewStep,
        @Schema(nullable = true, description = "Whether the prompt was to be enhanced, as requested")
                Boolean enhancePrompt,
        @Schema(
                        nullable = true,
                        description =
                                "What is drawn in the place of the prompt; null until a worker has taken the job, where"
                                        + " nothing is to be enhanced, and where that failed")
                String enhancedPrompt,
        @Schema(
                        nullable = true,
                        description =
                                "What is made of another video: `edit` or `extend`; null where this one is made of none")
                VideoReference.Operation operation,
        @Schema(nullable = true, description = "How far an edit is from its video; null for all else")
                Double strength) {

    /** Why the job failed. */
    public record VideoError(@Schema(examples = "invalid_parameter") String code, String message) {}

    /** As it is shown that is to be told now: {@link JobView#show} knows what is expected of it, and whom it was told. */
    public static Video of(Job job) {
        return of(job, Outlook.NONE);
    }

    /** As above, of one whose webhook was not called yet. */
    public static Video of(Job job, Outlook outlook) {
        return of(job, outlook, job.snapshot().webhook() == null ? null : DeliveryStatus.PENDING);
    }

    static Video of(Job job, Outlook outlook, DeliveryStatus webhookStatus) {
        JobSnapshot snapshot = job.snapshot();
        VideoParameters parameters = snapshot.parameters();
        PromptTruncation truncation = snapshot.truncation();
        VideoReference from = snapshot.inputVideo();
        return new Video(
                snapshot.id().toString(),
                "video",
                snapshot.model(),
                snapshot.status(),
                job.progress(),
                job.stage(),
                job.step(),
                job.decodedFrames(),
                snapshot.createdAt().getEpochSecond(),
                unixSeconds(snapshot.completedAt()),
                unixSeconds(job.expiresAt()),
                snapshot.prompt(),
                size(parameters),
                seconds(parameters),
                snapshot.remixedFromVideoId() == null
                        ? null
                        : snapshot.remixedFromVideoId().toString(),
                snapshot.error() == null
                        ? null
                        : new VideoError(
                                snapshot.error().code().wireName(),
                                snapshot.error().message()),
                parameters.negativePrompt(),
                parameters.numFrames(),
                parameters.fps(),
                parameters.numInferenceSteps(),
                parameters.guidanceScale(),
                parameters.useDynamicCfg(),
                parameters.eta(),
                parameters.cacheThreshold(),
                parameters.loras(),
                parameters.seed(),
                snapshot.attempt(),
                truncation == null ? null : truncation.tokens(),
                truncation == null ? null : truncation.text(),
                snapshot.timings(),
                snapshot.reusedSteps(),
                outlook.queuePosition(),
                unixSeconds(outlook.start()),
                rounded(snapshot.estimatedSeconds() == null ? outlook.seconds() : snapshot.estimatedSeconds()),
                estimateError(snapshot),
                snapshot.user(),
                snapshot.metadata(),
                Priority.orNormal(snapshot.priority()),
                webhookStatus,
                parameters.timesteps(),
                job.previewStep(),
                parameters.wantsEnhancement() ? Boolean.TRUE : parameters.enhancePrompt(),
                snapshot.enhancedPrompt(),
                from == null ? null : from.operationOrDefault(),
                from == null || from.extend() ? null : from.strengthOrDefault());
    }

    private static Double estimateError(JobSnapshot job) {
        StageTimings timings = job.timings();
        boolean whole = job.reusedSteps() == null || job.reusedSteps() == 0;
        if (timings == null || job.estimatedSeconds() == null || !whole) {
            return null;
        }
        double took = timings.drawing();
        return took == 0 ? null : rounded(job.estimatedSeconds() / took - 1);
    }

    private static Double rounded(Double value) {
        return value == null ? null : Math.round(value * 1e3) / 1e3;
    }

    private static Long unixSeconds(Instant time) {
        return time == null ? null : time.getEpochSecond();
    }

    private static String size(VideoParameters parameters) {
        return parameters.width() == null || parameters.height() == null
                ? null
                : parameters.width() + "x" + parameters.height();
    }

    /** The clip's length counts the intervals between frames: 49 frames at 8 a second are "6". */
    private static String seconds(VideoParameters parameters) {
        return parameters.numFrames() == null || parameters.fps() == null
                ? null
                : BigDecimal.valueOf(parameters.numFrames() - 1L)
                        .divide(BigDecimal.valueOf(parameters.fps()), 2, RoundingMode.HALF_UP)
                        .stripTrailingZeros()
                        .toPlainString();
    }
}
