package io.text2video.gateway.webhook;

import io.opentelemetry.context.Context;
import io.smallrye.mutiny.Uni;
import io.text2video.common.job.JobStatus;
import io.text2video.common.job.WebhookEvent;
import io.text2video.common.webhook.DeliveryStatus;
import io.text2video.common.webhook.WebhookAttempt;
import io.text2video.common.webhook.WebhookDelivery;
import io.text2video.common.webhook.WebhookLog;
import io.text2video.gateway.consumers.RecordHandler.Start;
import io.text2video.gateway.deliveries.FailingHosts;
import io.text2video.gateway.jobs.Job;
import io.text2video.gateway.jobs.JobProgress;
import io.text2video.gateway.jobs.JobView;
import io.text2video.gateway.jobs.Video;
import io.text2video.gateway.jobs.ViewUnavailableException;
import io.text2video.trace.JobContext;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jboss.logging.Logger;

/**
 * Makes one try of a delivery and decides what follows. While the broker is away nothing is tried and nothing counted;
 * any other failure is a try in vain.
 */
@ApplicationScoped
class WebhookAttempts {
    private static final Logger LOG = Logger.getLogger(WebhookAttempts.class);
    private static final Duration FIRST_LOOK = Duration.ofMillis(50);
    private static final Duration LONGEST_LOOK = Duration.ofSeconds(1);
    private static final int LOOKS = 8;

    private final JobView view;
    private final WebhookSender sender;
    private final PausedHosts paused;
    private final RetrySchedule schedule;
    private final WebhookMeters meters;

    WebhookAttempts(
            JobView view, WebhookSender sender, PausedHosts paused, WebhookConfig config, WebhookMeters meters) {
        this.view = view;
        this.sender = sender;
        this.paused = paused;
        this.meters = meters;
        schedule = new RetrySchedule(config.retryDelays());
    }

    /**
     * @param start is asked right before the call
     * @param trace what the try is a part of
     */
    Uni<Result> call(WebhookDelivery delivery, Start start, Context trace) {
        if (!delivery.isByHand() && view.deliveries().isGone(delivery.id())) {
            return Uni.createFrom()
                    .item(giveUp(delivery, "the receiver wants no more of the job: it answered 410 before"));
        }
        var begun = new AtomicReference<>(Instant.now());
        Start timed = () -> {
            begun.set(Instant.now());
            return start.begin();
        };
        return told(delivery)
                .flatMap(job -> call(delivery, job, timed, trace))
                .onFailure(NotEndedException.class)
                .recoverWithItem(failure -> WebhookAnswer.hindered(failure.getMessage()))
                .map(answer -> result(delivery, begun.get(), answer, trace))
                .onFailure(ViewUnavailableException.class)
                .recoverWithItem(Result.notTried())
                .onFailure()
                .recoverWithItem(
                        failure -> result(delivery, begun.get(), WebhookAnswer.hindered(failure.toString()), trace));
    }

    /** Without a call. */
    Result giveUp(WebhookDelivery delivery, String reason) {
        return result(delivery, Instant.now(), WebhookAnswer.refused(reason), Context.current());
    }

    private Uni<Optional<Job>> told(WebhookDelivery delivery) {
        return delivery.type().isEnd() ? ended(delivery) : Uni.createFrom().item(job(delivery, Optional.empty()));
    }

    /** Of an end its state is told last, so it may be a moment away; who is called may ask for the job at once. */
    private Uni<Optional<Job>> ended(WebhookDelivery delivery) {
        return view.upToDate()
                .flatMap(done -> view.find(delivery.id()))
                .map(known -> job(delivery, known))
                .invoke(NotEndedException::requireEnd)
                .onFailure(NotEndedException.class)
                .retry()
                .withBackOff(FIRST_LOOK, LONGEST_LOOK)
                .atMost(LOOKS);
    }

    /** As everybody is shown it; of a job that is deleted or forgotten, as its delivery tells. */
    private static Optional<Job> job(WebhookDelivery delivery, Optional<Job> known) {
        return known.filter(job -> job.snapshot().status() != JobStatus.DELETED)
                .or(() -> Optional.ofNullable(delivery.job()).map(end -> new Job(end, JobProgress.NONE)));
    }

    private Uni<WebhookAnswer> call(WebhookDelivery delivery, Optional<Job> job, Start start, Context trace) {
        if (job.isEmpty()) {
            return Uni.createFrom().item(WebhookAnswer.refused("there is no such job"));
        }
        return sender.send(
                delivery, new WebhookCall(delivery.type(), delivery.time(), Video.of(job.get())), start, trace);
    }

    private Result result(WebhookDelivery before, Instant begun, WebhookAnswer answer, Context trace) {
        if (answer.kind() == WebhookAnswer.Kind.NOT_CALLED) {
            LOG.debugf("webhook not tried job=%s", before.id());
            return Result.notTried();
        }
        Duration took = Duration.between(begun, Instant.now());
        meters.called(answer, took);
        WebhookDelivery delivery = before.called(new WebhookAttempt(
                begun,
                answer.status(),
                answer.status() == null ? answer.reason() : null,
                Math.max(0, took.toMillis())));
        Result result =
                switch (answer.kind()) {
                    case TAKEN -> Result.done();
                    case REFUSED, NOT_CALLED -> Result.givenUp(answer.reason());
                    case FAILED, HINDERED -> again(delivery, answer);
                };
        try (JobContext log = JobContext.of(delivery.id(), trace)) {
            tell(delivery, answer, result);
        }
        return isLogged(delivery) ? result.with(log(delivery, answer, result)) : result;
    }

    /** A call that looks whether a paused host is back is none of the schedule's. */
    private Result again(WebhookDelivery delivery, WebhookAnswer answer) {
        if (paused.isPaused(delivery) && !delivery.isByHand()) {
            return Result.again(delivery);
        }
        return schedule.next(delivery, Instant.now())
                .map(Result::again)
                .orElseGet(
                        () -> Result.givenUp(answer.reason() + " at the last of " + (delivery.tries() + 1) + " tries"));
    }

    /** Where somebody can ask for it: a job's log goes with the job. */
    private boolean isLogged(WebhookDelivery delivery) {
        return delivery.type() != WebhookEvent.DELETED
                && view.known(delivery.id()).isPresent();
    }

    private static WebhookLog log(WebhookDelivery delivery, WebhookAnswer answer, Result result) {
        String host = answer.isOfItsHost() ? FailingHosts.host(delivery.url()) : null;
        return switch (result.kind()) {
            case DONE, NOT_TRIED -> WebhookLog.of(delivery, host, DeliveryStatus.DELIVERED, null);
            case GIVEN_UP -> WebhookLog.of(delivery, host, DeliveryStatus.FAILED, null);
            case AGAIN ->
                WebhookLog.of(
                        delivery,
                        host,
                        DeliveryStatus.PENDING,
                        result.delivery().due());
        };
    }

    /** The URL stays out of the log: it may hold its owner's secrets. */
    private void tell(WebhookDelivery delivery, WebhookAnswer answer, Result result) {
        meters.followed(result.kind());
        switch (result.kind()) {
            case DONE ->
                LOG.infof("webhook delivered job=%s type=%s try=%d", delivery.id(), type(delivery), tries(delivery));
            case AGAIN ->
                LOG.infof(
                        "webhook failed, to be tried again job=%s type=%s try=%d reason=%s due=%s",
                        delivery.id(),
                        type(delivery),
                        tries(delivery),
                        answer.reason(),
                        result.delivery().due());
            case GIVEN_UP ->
                LOG.warnf(
                        "webhook given up job=%s type=%s try=%d reason=%s",
                        delivery.id(), type(delivery), tries(delivery), result.reason());
            case NOT_TRIED -> {}
        }
    }

    private static String type(WebhookDelivery delivery) {
        return delivery.type().wireName();
    }

    private static final class NotEndedException extends RuntimeException {
        private static final long serialVersionUID = 1;

        NotEndedException() {
            super("the job has not ended");
        }

        static void requireEnd(Optional<Job> job) {
            if (job.isPresent() && !job.get().snapshot().status().isTerminal()) {
                throw new NotEndedException();
            }
        }
    }

    private static int tries(WebhookDelivery delivery) {
        return delivery.tries() + 1;
    }
}
