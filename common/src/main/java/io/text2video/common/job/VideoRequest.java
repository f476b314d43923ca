package io.text2video.common.job;

import io.text2video.common.model.VideoParameters;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
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
 * @param user for whom, in the words of whoever sends it; null for nobody in particular
 * @param metadata the sender's own notes, which the fleet keeps and lists by; null for none
 * @param remixedFromVideoId the job whose request it is with another prompt; null for none
 * @param tenant whose job it is; null for {@link Tenant#DEFAULT}, which is not named
 * @param priority which of the tenant's jobs is to come first, where gateways put them in order; null for {@link
 *     Priority#NORMAL}, which is not named
 * @param inputVideo the video that it is made from, or that it goes on with; null for none
 */
public record VideoRequest(
        @Min(1) int version,
        @NotNull JobId id,
        @Size(max = 256) @Pattern(regexp = MODEL, message = "must hold only letters, digits, '.', '_', '-' and '/'")
                String model,
        @NotBlank @Size(max = VideoParameters.MAX_PROMPT) String prompt,
        @Valid VideoParameters parameters,
        @Valid InputReference inputReference,
        @Valid Webhook webhook,
        Instant createdAt,
        @Size(max = 512) String user,
        @Size(max = 16, message = "must have at most {max} pairs")
                Map<
                                @Size(max = 64, message = "has a key of more than {max} characters")
                                @Pattern(
                                        regexp = "[^\\p{Cc}\\p{Cs}]+",
                                        message = "has a key that is empty or holds control characters")
                                String,
                                @NotNull @Size(max = 512) String>
                        metadata,
        JobId remixedFromVideoId,
        Tenant tenant,
        Priority priority,
        @Valid VideoReference inputVideo) {

    public static final int VERSION = 1;

    /** What a model's id looks like. */
    public static final String MODEL = "[A-Za-z0-9][A-Za-z0-9._/-]*";

    public VideoRequest {
        version = version == 0 ? VERSION : version;
        parameters = Objects.requireNonNullElse(parameters, VideoParameters.DEFAULTS);
        // Validation names the value that is null.
        metadata = metadata == null ? null : Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
        tenant = tenant == null ? null : tenant.orNull();
        priority = priority == Priority.NORMAL ? null : priority;
    }

    /** One that says no more than what to draw, and whom to call. */
    public VideoRequest(
            int version,
            JobId id,
            String model,
            String prompt,
            VideoParameters parameters,
            InputReference inputReference,
            Webhook webhook,
            Instant createdAt) {
        this(
                version,
                id,
                model,
                prompt,
                parameters,
                inputReference,
                webhook,
                createdAt,
                null,
                null,
                null,
                null,
                null,
                null);
    }

    /** The same request, for a video that starts from that image. */
    public VideoRequest startingFrom(InputReference image) {
        return with(image, inputVideo);
    }

    /** The same request, for a video that is made from that one. */
    public VideoRequest startingFrom(VideoReference video) {
        return with(inputReference, video);
    }

    private VideoRequest with(InputReference image, VideoReference video) {
        return new VideoRequest(
                version,
                id,
                model,
                prompt,
                parameters,
                image,
                webhook,
                createdAt,
                user,
                metadata,
                remixedFromVideoId,
                tenant,
                priority,
                video);
    }
}
