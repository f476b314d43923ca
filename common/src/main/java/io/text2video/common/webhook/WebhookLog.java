package io.text2video.common.webhook;

import io.text2video.common.job.JobId;
import io.text2video.common.job.WebhookEvent;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.time.Instant;
import java.util.List;

/**
 * How a delivery stands after a call: the message on {@code video.webhook-log}, which is internal to the fleet. Its key is
 * {@link #key()}, so that the last one of a delivery stays.
 *
 * @param host that was called; null where none was, and in vain is no news of a host
 * @param time of what the delivery tells of
 * @param due when it is to be called again; null unless it is pending
 * @param redeliveries how often somebody has asked for it by hand
 * @param attempts the last of them, the earliest first
 */
public record WebhookLog(
        @Min(1) int version,
        @NotNull JobId id,
        @NotNull WebhookEvent type,
        String host,
        @NotNull Instant time,
        @NotNull DeliveryStatus status,
        Instant due,
        @Min(0) int redeliveries,
        @NotNull List<@NotNull @Valid WebhookAttempt> attempts) {

    public static final int VERSION = 1;

    public WebhookLog {
        version = version == 0 ? VERSION : version;
        attempts = attempts == null ? null : List.copyOf(attempts);
    }

    /** After a call of {@code delivery}, which is among its attempts. */
    public static WebhookLog of(WebhookDelivery delivery, String host, DeliveryStatus status, Instant due) {
        return new WebhookLog(
                VERSION,
                delivery.id(),
                delivery.type(),
                host,
                delivery.time(),
                status,
                due,
                delivery.redeliveries(),
                delivery.attempts());
    }

    /** The record's key: the delivery's {@code webhook-id}. */
    public String key() {
        return WebhookDelivery.webhookId(id, type);
    }
}
