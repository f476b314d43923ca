package io.text2video.gateway.deliveries;

import io.text2video.common.job.JobId;
import io.text2video.common.job.JobSnapshot;
import io.text2video.common.job.Webhook;
import io.text2video.common.job.WebhookEvent;
import io.text2video.common.webhook.DeliveryStatus;
import io.text2video.common.webhook.WebhookLog;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The logs of the jobs whose webhooks were called, packed ({@link PackedLogs}): a job without one costs nothing, one with a
 * call about 150 bytes. Beside them the hosts that fail, which the same records tell of. One thread writes, any number read.
 */
public final class DeliveryLogs {
    private final Map<UUID, byte[]> byJob = new ConcurrentHashMap<>();
    private final FailingHosts hosts;

    public DeliveryLogs(FailingHosts hosts) {
        this.hosts = hosts;
    }

    public void put(WebhookLog log) {
        if (log.host() != null) {
            log.attempts().forEach(attempt -> hosts.heard(log.host(), attempt));
        }
        List<WebhookLog> others = without(log.id(), log.type());
        others.add(log);
        byJob.put(log.id().value(), PackedLogs.pack(others));
    }

    public void remove(JobId id, WebhookEvent type) {
        List<WebhookLog> others = without(id, type);
        if (others.isEmpty()) {
            byJob.remove(id.value());
        } else {
            byJob.put(id.value(), PackedLogs.pack(others));
        }
    }

    /** How each delivery of the job stands that was called, in the order of what they tell of. */
    public List<WebhookLog> of(JobId id) {
        byte[] packed = byJob.get(id.value());
        return packed == null
                ? List.of()
                : PackedLogs.unpack(id, packed).stream()
                        .sorted(Comparator.comparing(WebhookLog::time).thenComparing(WebhookLog::type))
                        .toList();
    }

    public Optional<WebhookLog> find(JobId id, WebhookEvent type) {
        return of(id).stream().filter(log -> log.type() == type).findFirst();
    }

    /** Whether the receiver has said that it wants no more of the job, and was not called by hand since. */
    public boolean isGone(JobId id) {
        return of(id).stream()
                .map(WebhookLog::attempts)
                .anyMatch(
                        calls -> !calls.isEmpty() && calls.get(calls.size() - 1).isGone());
    }

    /** As {@link #of}, with the job's end where that is still to be told; what waits for a paused host is so, too. */
    public List<WebhookLog> shown(JobSnapshot job) {
        if (job.webhook() == null) {
            return List.of();
        }
        List<WebhookLog> logs = new ArrayList<>(of(job.id()));
        end(job, job.webhook())
                .filter(end -> logs.stream().noneMatch(log -> log.type() == end.type()))
                .ifPresent(logs::add);
        Optional<FailingHosts.Failing> paused =
                hosts.paused(FailingHosts.host(job.webhook().url()));
        return logs.stream()
                .map(log ->
                        paused.isPresent() && log.status() == DeliveryStatus.PENDING ? waiting(log, paused.get()) : log)
                .toList();
    }

    /** Of all deliveries of a job; null where it has no webhook. */
    public DeliveryStatus status(JobSnapshot job) {
        if (job.webhook() == null) {
            return null;
        }
        List<DeliveryStatus> all = shown(job).stream().map(WebhookLog::status).toList();
        for (DeliveryStatus first : List.of(DeliveryStatus.PAUSED, DeliveryStatus.PENDING, DeliveryStatus.FAILED)) {
            if (all.contains(first)) {
                return first;
            }
        }
        return all.isEmpty() ? DeliveryStatus.PENDING : DeliveryStatus.DELIVERED;
    }

    public FailingHosts hosts() {
        return hosts;
    }

    private static Optional<WebhookLog> end(JobSnapshot job, Webhook webhook) {
        WebhookEvent event = WebhookEvent.of(job.status());
        return event.isEnd() && webhook.wants(event)
                ? Optional.of(new WebhookLog(
                        WebhookLog.VERSION,
                        job.id(),
                        event,
                        null,
                        job.endedAt(),
                        DeliveryStatus.PENDING,
                        job.endedAt(),
                        0,
                        List.of()))
                : Optional.empty();
    }

    private static WebhookLog waiting(WebhookLog log, FailingHosts.Failing host) {
        return new WebhookLog(
                log.version(),
                log.id(),
                log.type(),
                log.host(),
                log.time(),
                DeliveryStatus.PAUSED,
                host.probe(),
                log.redeliveries(),
                log.attempts());
    }

    private List<WebhookLog> without(JobId id, WebhookEvent type) {
        return new ArrayList<>(of(id).stream().filter(log -> log.type() != type).toList());
    }
}
