package io.text2video.gateway.api;

import io.text2video.common.job.Webhook;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** What a client asks for. Only the prompt is required; what is left out, the model decides. */
@Schema(
        description = "A video that is wanted. Only `prompt` is required; what is left out, the model decides. Unknown"
                + " fields are refused.")
record NewVideo(
        @Schema(
                        required = true,
                        description = "What to draw. The model reads the first 226 tokens",
                        minLength = 1,
                        maxLength = 32_000,
                        examples = "a red ball moving left on a black background")
                String prompt,
        @Schema(description = "The model's id; without it the worker takes its own") String model,
        @Schema(
                        description =
                                "How long: a whole number, in a string. Gives 8·round(seconds·fps/8)+1 frames, with fps 8"
                                        + " unless named. Not together with num_frames",
                        examples = "6")
                String seconds,
        @Schema(description = "WIDTHxHEIGHT in pixels. Not together with width or height", examples = "720x480")
                String size,
        @Schema(description = "What not to draw") String negativePrompt,
        @Schema(description = "Frames; CogVideoX makes 8k+1", examples = "49") Integer numFrames,
        @Schema(description = "Frames per second of the finished video", examples = "8") Integer fps,
        @Schema(description = "Denoising steps, 1 to 1000", examples = "50") Integer numInferenceSteps,
        @Schema(description = "Classifier-free guidance, 0 to 100", examples = "6") Double guidanceScale,
        @Schema(description = "The same seed gives the same video") Long seed,
        @Schema(description = "Pixels, 16 to 4096") Integer height,
        @Schema(description = "Pixels, 16 to 4096") Integer width,
        @Schema(description = "Whom to call when the job has ended") Webhook webhook) {}
