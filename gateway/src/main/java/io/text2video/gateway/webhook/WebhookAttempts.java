package io.text2video.gateway.webhook;

import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Uni;
import io.text2video.common.job.JobStatus;
import io.text2video.common.webhook.WebhookDelivery;
import io.text2video.gateway.delayed.RecordHandler.Start;
import io.text2video.gateway.jobs.Job;
import io.text2video.gateway.jobs.JobProgress;
import io.text2video.gateway.jobs.JobView;
import io.text2video.gateway.jobs.Video;
import io.text2video.gateway.jobs.ViewUnavailableException;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
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
    private final RetrySchedule schedule;
    private final MeterRegistry meters;

    WebhookAttempts(JobView view, WebhookSender sender, WebhookConfig config, MeterRegistry meters) {
        this.view = view;
        this.sender = sender;
        this.meters = meters;
        schedule = new RetrySchedule(config.retryDelays());
    }

    /** @param start is asked right before the call */
    Uni<Result> call(WebhookDelivery delivery, Start start) {
        return told(delivery)
                .flatMap(job -> call(delivery, job, start))
                .onFailure(NotEndedException.class)
                .recoverWithItem(failure -> WebhookAnswer.failed(failure.getMessage()))
                .map(answer -> result(delivery, answer))
                .onFailure(ViewUnavailableException.class)
                .recoverWithItem(Result.notTried())
                .onFailure()
                .recoverWithItem(failure -> result(delivery, WebhookAnswer.failed(failure.toString())));
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

    private Uni<WebhookAnswer> call(WebhookDelivery delivery, Optional<Job> job, Start start) {
        if (job.isEmpty()) {
            return Uni.createFrom().item(WebhookAnswer.refused("there is no such job"));
        }
        return sender.send(delivery, new WebhookCall(delivery.type(), delivery.time(), Video.of(job.get())), start);
    }

    private Result result(WebhookDelivery delivery, WebhookAnswer answer) {
        Result result =
                switch (answer.kind()) {
                    case TAKEN -> Result.done();
                    case REFUSED -> Result.givenUp(answer.reason());
                    case FAILED ->
                        schedule.next(delivery, Instant.now())
                                .map(Result::again)
                                .orElseGet(() -> Result.givenUp(
                                        answer.reason() + " at the last of " + (delivery.tries() + 1) + " tries"));
                    case NOT_CALLED -> Result.notTried();
                };
        tell(delivery, answer, result);
        return result;
    }

    /** The URL stays out of the log: it may hold its owner's secrets. */
    private void tell(WebhookDelivery delivery, WebhookAnswer answer, Result result) {
        switch (result.kind()) {
            case DONE -> {
                count("delivered");
                LOG.infof("webhook delivered job=%s type=%s try=%d", delivery.id(), type(delivery), tries(delivery));
            }
            case AGAIN -> {
                count("retried");
                LOG.infof(
                        "webhook failed, to be tried again job=%s type=%s try=%d reason=%s due=%s",
                        delivery.id(),
                        type(delivery),
                        tries(delivery),
                        answer.reason(),
                        result.delivery().due());
            }
            case GIVEN_UP -> {
                count("given_up");
                LOG.warnf(
                        "webhook given up job=%s type=%s try=%d reason=%s",
                        delivery.id(), type(delivery), tries(delivery), result.reason());
            }
            case NOT_TRIED -> LOG.debugf("webhook not tried job=%s", delivery.id());
        }
    }

    private void count(String outcome) {
        meters.counter("text2video.webhooks", "outcome", outcome).increment();
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
