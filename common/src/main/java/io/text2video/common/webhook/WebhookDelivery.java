package io.text2video.common.webhook;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.text2video.common.job.JobId;
import io.text2video.common.job.JobSnapshot;
import io.text2video.common.job.WebhookEvent;
import io.text2video.common.job.WebhookSecret;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/**
 * A webhook that is to be called: the message on {@code video.webhooks}, which is internal to the fleet. It carries the
 * state that it tells of, so that it can be called after its job was deleted.
 *
 * @param secret to sign with; null for the gateways' own
 * @param time of what it tells of
 * @param tries how often it was called in vain, of those that its schedule counts
 * @param due not before this
 * @param job the state that it tells of; null in records of a fleet that did not send it yet
 * @param redeliveries how often somebody has asked for it by hand
 * @param attempts the last {@value #MOST_ATTEMPTS} calls, the earliest first
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
        @Valid JobSnapshot job,
        @Min(0) int redeliveries,
        List<@NotNull @Valid WebhookAttempt> attempts) {

    public static final int VERSION = 1;
    private static final int MOST_ATTEMPTS = 16;

    public WebhookDelivery {
        version = version == 0 ? VERSION : version;
        attempts = attempts == null ? List.of() : List.copyOf(attempts);
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

    /**
     * The call of a job's state that somebody has asked for by hand, to be made at once.
     *
     * @param log of the calls before
     */
    public static WebhookDelivery byHand(JobSnapshot job, WebhookLog log, Instant now) {
        return new WebhookDelivery(
                VERSION,
                job.id(),
                job.webhook().url(),
                job.webhook().secret(),
                log.type(),
                log.time(),
                0,
                now,
                job,
                log.redeliveries() + 1,
                log.attempts());
    }

    /** Whether somebody waits for this very call. */
    @JsonIgnore
    public boolean isByHand() {
        return redeliveries > 0 && tries == 0;
    }

    /** The same after a call. */
    public WebhookDelivery called(WebhookAttempt attempt) {
        List<WebhookAttempt> all =
                Stream.concat(attempts.stream(), Stream.of(attempt)).toList();
        List<WebhookAttempt> last = all.subList(Math.max(0, all.size() - MOST_ATTEMPTS), all.size());
        return new WebhookDelivery(version, id, url, secret, type, time, tries, due, job, redeliveries, last);
    }

    /** The next call, after one in vain. */
    public WebhookDelivery again(Instant due) {
        return new WebhookDelivery(version, id, url, secret, type, time, tries + 1, due, job, redeliveries, attempts);
    }

    /** The same by hand, from its first call on. */
    public WebhookDelivery afresh(Instant due) {
        return new WebhookDelivery(version, id, url, secret, type, time, 0, due, job, redeliveries + 1, attempts);
    }

    /** The {@code webhook-id}: the same on every try, so that the receiver can drop repeats. */
    public String webhookId() {
        return webhookId(id, type);
    }

    /** The {@code webhook-id} of a job's event. */
    public static String webhookId(JobId id, WebhookEvent type) {
        return id + "." + type.wireName();
    }

    private static WebhookDelivery of(JobSnapshot job, WebhookEvent type, Instant time, JobSnapshot told) {
        return new WebhookDelivery(
                VERSION,
                job.id(),
                job.webhook().url(),
                job.webhook().secret(),
                type,
                time,
                0,
                time,
                told,
                0,
                List.of());
    }
}
