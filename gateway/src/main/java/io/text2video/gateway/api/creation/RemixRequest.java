package io.text2video.gateway.api.creation;

import io.opentelemetry.context.Context;
import io.text2video.common.job.JobSnapshot;
import io.text2video.common.job.VideoReference;
import io.text2video.common.job.VideoReference.Operation;
import io.text2video.common.model.VideoParameters;
import io.text2video.gateway.api.bodies.NewInputReference;
import io.text2video.gateway.api.bodies.NewInputVideo;
import io.text2video.gateway.api.bodies.SentMessage;
import io.text2video.gateway.api.bodies.StartImage;
import io.text2video.gateway.api.bodies.StartVideo;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** A job once more, with another prompt. */
@Schema(additionalProperties = Schema.False.class, description = "What is to be drawn instead")
public record RemixRequest(
        @Schema(
                        required = true,
                        description = "What to draw. The model reads the first 226 tokens",
                        minLength = 1,
                        maxLength = 32_000,
                        examples = "a blue ball moving left on a black background")
                String prompt)
        implements SentMessage {

    /** What a client would send to have all else as in that job. */
    public Wanted of(JobSnapshot job) {
        VideoParameters parameters = job.parameters();
        VideoReference video = job.inputVideo();
        Operation operation = video == null ? Operation.EDIT : video.operationOrDefault();
        var fields = new CreateVideoRequest(
                prompt,
                job.model(),
                null,
                null,
                job.inputReference() == null
                        ? null
                        : new NewInputReference(null, job.inputReference().key()),
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
                null,
                parameters.height(),
                parameters.width(),
                job.webhook(),
                job.user(),
                job.metadata(),
                job.priority(),
                parameters.timesteps(),
                parameters.enhancePrompt(),
                parameters.enhancePromptRequired(),
                parameters.embedRecipe(),
                video == null || operation == Operation.CONTROL ? null : new NewInputVideo(null, video.key()),
                video == null ? null : video.strength(),
                operation == Operation.CONTROL ? new NewInputVideo(null, video.key()) : null);
        return new Wanted(
                job.owner(),
                fields,
                StartImage.of(fields.inputReference()),
                StartVideo.of(fields),
                operation,
                job.id(),
                Context.root());
    }
}
