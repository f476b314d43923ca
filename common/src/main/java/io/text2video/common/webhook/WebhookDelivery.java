package io.text2video.common.webhook;

import io.text2video.common.event.EventType;
import io.text2video.common.job.JobId;
import io.text2video.common.job.JobSnapshot;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.time.Instant;

/**
 * A webhook that is to be called: the message on {@code video.webhooks}, which is internal to the fleet. It carries the
 * end that it tells of, so that it can be called after its job was deleted.
 *
 * @param time of the event it tells of
 * @param tries how often it was called in vain
 * @param due not before this
 * @param job the end that it tells of; null in records of a fleet that did not send it yet
 */
public record WebhookDelivery(
        @Min(1) int version,
        @NotNull JobId id,
        @NotNull String url,
        @NotNull EventType type,
        @NotNull Instant time,
        @Min(0) int tries,
        @NotNull Instant due,
        @Valid JobSnapshot job) {

    public static final int VERSION = 1;

    public WebhookDelivery {
        version = version == 0 ? VERSION : version;
    }

    /** The first call for a job that has ended and names a webhook. */
    public static WebhookDelivery first(JobSnapshot job, EventType type) {
        return new WebhookDelivery(
                VERSION, job.id(), job.webhook().url(), type, job.completedAt(), 0, job.completedAt(), job);
    }

    /** The next call, after one in vain. */
    public WebhookDelivery again(Instant due) {
        return new WebhookDelivery(version, id, url, type, time, tries + 1, due, job);
    }

    /** The same from its first call on. */
    public WebhookDelivery afresh(Instant due) {
        return new WebhookDelivery(version, id, url, type, time, 0, due, job);
    }

    /** The {@code webhook-id}: the same on every try, so that the receiver can drop repeats. */
    public String webhookId() {
        return id + "." + type.wireName();
    }
}
