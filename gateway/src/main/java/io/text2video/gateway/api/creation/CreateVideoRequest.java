package io.text2video.gateway.api.creation;

import io.text2video.common.job.Priority;
import io.text2video.common.job.Webhook;
import io.text2video.common.model.LoraScale;
import io.text2video.gateway.api.bodies.NewInputReference;
import io.text2video.gateway.api.bodies.NewInputVideo;
import io.text2video.gateway.api.bodies.SentMessage;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** What a client asks for. Only the prompt is required; what is left out, the model decides. */
@Schema(
        additionalProperties = Schema.False.class,
        description = "A video that is wanted. Only `prompt` is required; what is left out, the model decides. Unknown"
                + " fields are refused.")
public record CreateVideoRequest(
        @Schema(
                        required = true,
                        description = "What to draw. The model reads the first 226 tokens",
                        minLength = 1,
                        maxLength = 32_000,
                        examples = "a red ball moving left on a black background")
                String prompt,
        @Schema(
                        description = "The id of one of `/v1/models`; without it the fleet's preferred one",
                        examples = "THUDM/CogVideoX-2b")
                String model,
        @Schema(
                        description =
                                "How long: a whole number, in a string. Gives 4·round(seconds·fps/4)+1 frames, with the"
                                        + " model's own fps unless named. Not together with num_frames",
                        examples = "6")
                String seconds,
        @Schema(description = "WIDTHxHEIGHT in pixels. Not together with width or height", examples = "720x480")
                String size,
        @Schema(description = "The image that the video starts from, for a model that takes one")
                NewInputReference inputReference,
        @Schema(description = "What not to draw") String negativePrompt,
        @Schema(description = "Frames; CogVideoX makes 4k+1", minimum = "1", maximum = "1024", examples = "49")
                Integer numFrames,
        @Schema(description = "Frames per second of the finished video", minimum = "1", maximum = "120", examples = "8")
                Integer fps,
        @Schema(description = "Denoising steps", minimum = "1", maximum = "1000", examples = "50")
                Integer numInferenceSteps,
        @Schema(description = "Classifier-free guidance", minimum = "0", maximum = "100", examples = "6")
                Double guidanceScale,
        @Schema(description = "Whether guidance grows over the steps") Boolean useDynamicCfg,
        @Schema(minimum = "0", maximum = "1", description = "As in diffusers, CogVideoX makes no use of it") Double eta,
        @Schema(
                        minimum = "0",
                        maximum = "1",
                        description = "Up to what relative change of a step the transformer's earlier work is"
                                + " used again, which is faster and changes the video. 0 computes every step",
                        examples = "0.1")
                Double cacheThreshold,
        @Schema(maxItems = 8, description = "LoRAs to draw with; the model's card lists their ids")
                List<LoraScale> loras,
        @Schema(minimum = "-1", description = "The same seed gives the same video; -1, as none, has one drawn")
                Long seed,
        @Schema(
                        description =
                                "How many videos, each a job of its own. From 2 on the answer is a list of them; a seed is the"
                                        + " first one's, and each of the others has the next",
                        minimum = "1",
                        maximum = "8",
                        defaultValue = "1")
                Integer n,
        @Schema(description = "Pixels", minimum = "16", maximum = "4096") Integer height,
        @Schema(description = "Pixels", minimum = "16", maximum = "4096") Integer width,
        @Schema(
                        description =
                                "Whom to call, with `url`. `events` says what for: `video.queued`, `video.in_progress`,"
                                        + " `video.completed`, `video.failed`, `video.cancelled`, `video.deleted`; without it, when"
                                        + " the job has ended. `secret`, `whsec_` and base64, signs this job's calls in the place of"
                                        + " the gateway's. A string counts as `url`.")
                Webhook webhook,
        @Schema(description = "For whom, in your own words; the Video shows it", maxLength = 512) String user,
        @Schema(
                        description =
                                "Your own notes, at most 16: keys of 1 to 64 characters, texts of at most 512. The Video shows"
                                        + " them, and lists can be of those that have them",
                        maxProperties = 16)
                Map<String, String> metadata,
        @Schema(
                        description =
                                "Which of your jobs is to come first where some wait; it counts for nothing between"
                                        + " tenants",
                        defaultValue = "normal")
                Priority priority,
        @Schema(
                        description =
                                "The training timesteps that the steps start from, strictly falling, for models and LoRAs"
                                        + " that were trained for a few. num_inference_steps is then their number, and may be"
                                        + " left out",
                        minItems = 1,
                        maxItems = 1000,
                        examples = "[999, 856, 665, 399]")
                List<Integer> timesteps,
        @Schema(
                        description =
                                "Have the fleet's language model write the prompt out as a long caption, which the model was"
                                        + " trained on; the Video shows it as enhanced_prompt. Where that fails, the prompt is"
                                        + " drawn as it is. Only where the model's card has enhances_prompts")
                Boolean enhancePrompt,
        @Schema(description = "The same, but where that fails, so does the job, with prompt_not_enhanced")
                Boolean enhancePromptRequired,
        @Schema(
                        description =
                                "Whether the file tells how it was drawn, in its tag comment: prompt, seed, model and all"
                                        + " parameters. What the worker does by itself when left out")
                Boolean embedRecipe,
        @Schema(
                        description =
                                "The video that this one is made from, for a model that takes no image: see `/v1/videos/edits`;"
                                        + " or that it goes on with: see `/v1/videos/extensions`")
                NewInputVideo video,
        @Schema(
                        minimum = "0",
                        exclusiveMinimum = true,
                        maximum = "1",
                        defaultValue = "0.8",
                        description = "How far an edit is from its video: that share of the steps is taken")
                Double strength,
        @Schema(
                        description =
                                "The video of poses, edges or the like that this one is drawn along, for a model that needs one"
                                        + " (`limits.control_required`)")
                NewInputVideo controlVideo)
        implements SentMessage {}
