package io.text2video.common.webhook;

import io.text2video.common.job.JobId;
import io.text2video.common.job.JobSnapshot;
import io.text2video.common.job.WebhookEvent;
import io.text2video.common.job.WebhookSecret;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.time.Instant;

/**
 * A webhook that is to be called: the message on {@code video.webhooks}, which is internal to the fleet. It carries the
 * state that it tells of, so that it can be called after its job was deleted.
 *
 * @param secret to sign with; null for the gateways' own
 * @param time of what it tells of
 * @param tries how often it was called in vain
 * @param due not before this
 * @param job the state that it tells of; null in records of a fleet that did not send it yet
 */
public record WebhookDelivery(
        @Min(1) int version,
        @NotNull JobId id,
        @NotNull String url,
        WebhookSecret secret,
        @NotNull WebhookEvent type,
        @NotNull Instant time,
        @Min(0) int tries,
        @NotNull Instant due,
        @Valid JobSnapshot job) {

    public static final int VERSION = 1;

    public WebhookDelivery {
        version = version == 0 ? VERSION : version;
    }

    /** The first call for the state that a job with a webhook has come to. */
    public static WebhookDelivery first(JobSnapshot job) {
        Instant time =
                switch (job.status()) {
                    case QUEUED -> job.createdAt();
                    case IN_PROGRESS -> job.startedAt();
                    case COMPLETED, FAILED, CANCELLED, DELETED -> job.endedAt();
                };
        return of(job, WebhookEvent.of(job.status()), time, job);
    }

    /** The first call for the deletion of a job with a webhook. It carries nothing of what the job was about. */
    public static WebhookDelivery ofDeletion(JobSnapshot ended, Instant now) {
        return of(ended, WebhookEvent.DELETED, now, ended.deleted());
    }

    /** The next call, after one in vain. */
    public WebhookDelivery again(Instant due) {
        return new WebhookDelivery(version, id, url, secret, type, time, tries + 1, due, job);
    }

    /** The same from its first call on. */
    public WebhookDelivery afresh(Instant due) {
        return new WebhookDelivery(version, id, url, secret, type, time, 0, due, job);
    }

    /** The {@code webhook-id}: the same on every try, so that the receiver can drop repeats. */
    public String webhookId() {
        return id + "." + type.wireName();
    }

    private static WebhookDelivery of(JobSnapshot job, WebhookEvent type, Instant time, JobSnapshot told) {
        return new WebhookDelivery(
                VERSION, job.id(), job.webhook().url(), job.webhook().secret(), type, time, 0, time, told);
    }
}
