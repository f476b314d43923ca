package io.text2video.common.job;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import java.util.Objects;

/**
 * A video somebody wants: the message on {@code video.requests}, sent by the gateway or by any other program. Only
 * {@code id} and {@code prompt} are required.
 *
 * @param version of this record's shape; fields are only ever added
 * @param id the job's
 * @param model the model's id; null for the worker's own
 * @param prompt what to draw
 * @param parameters how to draw it
 * @param inputReference the image that the video starts from; null for none
 * @param webhook whom to call at the end, or null
 * @param createdAt when it was asked for; null for the time of the Kafka record
 */
public record VideoRequest(
        @Min(1) int version,
        @NotNull JobId id,
        @Size(max = 256) @Pattern(regexp = MODEL, message = "must hold only letters, digits, '.', '_', '-' and '/'")
                String model,
        @NotBlank @Size(max = MAX_PROMPT) String prompt,
        @Valid VideoParameters parameters,
        @Valid InputReference inputReference,
        @Valid Webhook webhook,
        Instant createdAt) {

    public static final int VERSION = 1;

    /** What a model's id looks like. */
    public static final String MODEL = "[A-Za-z0-9][A-Za-z0-9._/-]*";

    /** Characters. The model reads its first 226 tokens. */
    public static final int MAX_PROMPT = 32_000;

    public VideoRequest {
        version = version == 0 ? VERSION : version;
        parameters = Objects.requireNonNullElse(parameters, VideoParameters.DEFAULTS);
    }

    /** The same request, for a video that starts from that image. */
    public VideoRequest startingFrom(InputReference image) {
        return new VideoRequest(version, id, model, prompt, parameters, image, webhook, createdAt);
    }
}
