package io.text2video.gateway.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.text2video.common.job.WebhookEvent;
import io.text2video.common.webhook.DeliveryStatus;
import io.text2video.common.webhook.WebhookAttempt;
import io.text2video.common.webhook.WebhookLog;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** How the calls of a job's webhook went. */
@JsonInclude(JsonInclude.Include.ALWAYS)
@Schema(description = "How the calls of a job's webhook went")
record WebhookDeliveries(
        @Schema(description = "Always \"list\"", examples = "list") String object, List<Delivery> data) {

    /** One event, and its calls. */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    @Schema(name = "WebhookDelivery", description = "One event, and its calls")
    record Delivery(
            @Schema(
                            description = "The `webhook-id` of each of its calls",
                            examples = "019b7c2f-1a2b-7c3d-8e4f-5a6b7c8d9e0f.video.completed")
                    String id,
            @Schema(description = "Always \"webhook.delivery\"", examples = "webhook.delivery") String object,
            WebhookEvent type,
            DeliveryStatus status,
            @Schema(description = "Unix seconds: when it happened") long createdAt,
            @Schema(
                            nullable = true,
                            description = "Unix seconds: when it is called next; null when it is called no more")
                    Long nextAttemptAt,
            @Schema(description = "The last 16 calls, the earliest first") List<Attempt> attempts) {

        static Delivery of(WebhookLog log) {
            return new Delivery(
                    log.key(),
                    "webhook.delivery",
                    log.type(),
                    log.status(),
                    log.time().getEpochSecond(),
                    unixSeconds(log.due()),
                    log.attempts().stream().map(Attempt::of).toList());
        }
    }

    /** One call. */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    @Schema(name = "WebhookAttempt", description = "One call")
    record Attempt(
            @Schema(description = "Unix seconds") long createdAt,
            @Schema(nullable = true, description = "Of the answer; null where there was none") Integer statusCode,
            @Schema(nullable = true, description = "Why there was none") String error,
            @Schema(description = "Milliseconds until the answer, or the error") long durationMs) {

        static Attempt of(WebhookAttempt attempt) {
            return new Attempt(
                    attempt.time().getEpochSecond(), attempt.status(), attempt.error(), attempt.durationMs());
        }
    }

    static WebhookDeliveries of(List<WebhookLog> logs) {
        return new WebhookDeliveries("list", logs.stream().map(Delivery::of).toList());
    }

    private static Long unixSeconds(Instant time) {
        return time == null ? null : time.getEpochSecond();
    }
}
