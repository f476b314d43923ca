package io.text2video.gateway.commands;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.context.Context;
import io.quarkus.runtime.Startup;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.smallrye.reactive.messaging.MutinyEmitter;
import io.smallrye.reactive.messaging.kafka.Record;
import io.smallrye.reactive.messaging.kafka.api.OutgoingKafkaRecordMetadata;
import io.text2video.common.job.JobId;
import io.text2video.common.job.JobSnapshot;
import io.text2video.common.job.VideoRequest;
import io.text2video.common.job.WebhookEvent;
import io.text2video.common.json.JsonCodec;
import io.text2video.common.lifecycle.JobRecords;
import io.text2video.gateway.commands.WantedRequestSerializer.PendingRequest;
import io.text2video.trace.JobContext;
import io.text2video.trace.SendSpan;
import io.text2video.trace.Tracing;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.OnOverflow;
import org.jboss.logging.Logger;

/** Puts requests on the topic of the workers that they are for, or in the backlog: the one record that makes a job. */
@ApplicationScoped
@Startup // so that its counter is there before the first
public class Submission {
    /** Accepting jobs. */
    @ConfigMapping(prefix = "submission")
    interface SubmissionConfig {
        /** How long the broker may take to acknowledge a request. Then 503. */
        @WithDefault("10s")
        Duration timeout();
    }

    private static final String CHANNEL = "video-requests";

    private static final Logger LOG = Logger.getLogger(Submission.class);
    private static final int WAITING_AT_MOST = 1024;

    private final MutinyEmitter<Record<String, PendingRequest>> requests;
    private final Backlog backlog;
    private final Duration timeout;
    private final Counter submitted;

    Submission(
            @Channel(CHANNEL) @OnOverflow(value = OnOverflow.Strategy.BUFFER, bufferSize = WAITING_AT_MOST)
                    MutinyEmitter<Record<String, PendingRequest>> requests,
            Backlog backlog,
            SubmissionConfig config,
            MeterRegistry meters) {
        this.requests = requests;
        this.backlog = backlog;
        timeout = config.timeout();
        submitted = Counter.builder("text2video.jobs.submitted")
                .description("Jobs that this gateway has accepted")
                .register(meters);
    }

    /** How long a request may be under way. */
    public Duration timeout() {
        return timeout;
    }

    /**
     * Completes when every in-sync replica has the request, which is then sure to end; fails with {@link
     * BrokerUnavailableException}, after which the request may or may not be there; one that was not sent by then never is.
     *
     * @param pool the topic of a pool of workers
     * @param trace what the request is a part of
     */
    public Uni<Void> submit(VideoRequest request, String pool, Context trace) {
        String topic = backlog.topic(request.id(), pool);
        return send(request.id(), JsonCodec.write(request), topic, trace)
                .ifNoItem()
                .after(timeout)
                .fail()
                // Else the producer's thread would make the answer.
                .emitOn(Infrastructure.getDefaultExecutor())
                .onFailure()
                .invoke(failure -> backlog.forget(request.id()))
                .onFailure()
                .invoke(failure -> {
                    try (JobContext log = JobContext.of(request.id(), trace)) {
                        LOG.warnf("job not accepted job=%s reason=%s", request.id(), failure.getMessage());
                    }
                })
                .onFailure()
                .transform(failure -> new BrokerUnavailableException("the request", failure))
                .invoke(() -> {
                    submitted.increment();
                    try (JobContext log = JobContext.of(request.id(), trace)) {
                        LOG.infof("job accepted job=%s model=%s topic=%s", request.id(), request.model(), topic);
                    }
                    tellQueued(request, trace);
                });
    }

    /** Nobody waits for it: who asked has the answer. */
    private void tellQueued(VideoRequest request, Context trace) {
        JobRecords.webhook(JobSnapshot.queued(request, Instant.now()))
                .ifPresent(webhook -> send(request.id(), webhook.value(), webhook.topic(), trace)
                        .subscribe()
                        .with(
                                done -> {},
                                failure -> LOG.warnf(
                                        "webhook lost job=%s type=%s reason=%s",
                                        request.id(), WebhookEvent.QUEUED.wireName(), failure.getMessage())));
    }

    private Uni<Void> send(JobId id, byte[] json, String topic, Context trace) {
        if (!Tracing.isOn()) {
            return send(id, json, topic, new RecordHeaders());
        }
        var headers = new RecordHeaders();
        SendSpan span = SendSpan.begin(trace, topic, id.toString(), headers);
        return send(id, json, topic, headers).onTermination().invoke((done, failure, cancelled) -> span.end(failure));
    }

    private Uni<Void> send(JobId id, byte[] json, String topic, Headers headers) {
        var pending = new PendingRequest(json, Instant.now().plus(timeout));
        var destination = OutgoingKafkaRecordMetadata.builder()
                .withTopic(topic)
                .withHeaders(headers)
                .build();
        return requests.sendMessage(
                Message.of(Record.of(id.toString(), pending)).addMetadata(destination));
    }
}
