package io.text2video.common.job;

import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;

/** Whom to call when the job has ended. */
public record Webhook(
        @NotNull
                @Size(max = 2048)
                @Pattern(
                        regexp = "https?://[^/\\s?#@]+([/?]\\S*)?",
                        message = "must be an http or https URL, without user info or fragment")
                String url) {}
