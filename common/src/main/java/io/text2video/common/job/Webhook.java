package io.text2video.common.job;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonCreator.Mode;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.List;

/**
 * Whom to call about a job. In JSON an object, or the URL alone.
 *
 * @param events what to call for; null for the job's end, however it ends
 * @param secret that its calls are signed with; null for the gateways' own
 */
public record Webhook(
        @NotNull
                @Size(max = 2048)
                @Pattern(
                        regexp = "https?://[^/\\s?#@]+([/?]\\S*)?",
                        message = "must be an http or https URL, without user info or fragment")
                String url,
        @Size(min = 1, max = 6) List<@NotNull WebhookEvent> events,
        WebhookSecret secret) {

    @JsonCreator(mode = Mode.PROPERTIES)
    public Webhook {}

    /** Of a URL alone: called at the end, signed with the gateways' secret. */
    @JsonCreator(mode = Mode.DELEGATING)
    public static Webhook of(String url) {
        return new Webhook(url, null, null);
    }

    /** Whether it is to be called for that. */
    public boolean wants(WebhookEvent event) {
        return events == null ? event.isEnd() : events.contains(event);
    }
}
