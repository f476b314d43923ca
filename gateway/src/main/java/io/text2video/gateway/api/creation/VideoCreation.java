package io.text2video.gateway.api.creation;

import io.opentelemetry.context.Context;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.text2video.common.job.JobId;
import io.text2video.common.job.JobSnapshot;
import io.text2video.common.job.VideoRequest;
import io.text2video.common.model.ModelCard;
import io.text2video.common.topic.Topic;
import io.text2video.gateway.api.errors.ApiErrorCode;
import io.text2video.gateway.api.errors.ApiException;
import io.text2video.gateway.commands.BrokerUnavailableException;
import io.text2video.gateway.commands.Submission;
import io.text2video.gateway.jobs.Job;
import io.text2video.gateway.jobs.JobProgress;
import io.text2video.gateway.jobs.Outlook;
import io.text2video.gateway.jobs.Video;
import io.text2video.gateway.webhook.RefusedWebhookException;
import io.text2video.gateway.webhook.WebhookGuard;
import io.text2video.gateway.webhook.WebhookSigner;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** From what a client asks for to accepted jobs. What they start from is stored last before the requests that need it are sent. */
@ApplicationScoped
class VideoCreation {
    private final OpenJobLimits limits;
    private final ModelChoice models;
    private final JobInputs inputs;
    private final Submission submission;
    private final WebhookSigner webhooks;
    private final WebhookGuard guard;

    VideoCreation(
            OpenJobLimits limits,
            ModelChoice models,
            JobInputs inputs,
            Submission submission,
            WebhookSigner webhooks,
            WebhookGuard guard) {
        this.limits = limits;
        this.models = models;
        this.inputs = inputs;
        this.submission = submission;
        this.webhooks = webhooks;
        this.guard = guard;
    }

    /**
     * A request that can be served. What it starts from is stored, and nobody knows of it yet.
     *
     * @param topic of the workers that it is for
     * @param video the answer, once it is accepted
     * @param trace what it is a part of
     */
    record Prepared(VideoRequest request, String topic, Video video, Context trace) {
        JobId id() {
            return request.id();
        }
    }

    /** Makes its jobs. Fails with an {@link ApiException} when it is refused, by the first rule that it breaks. */
    Uni<List<Video>> create(Wanted wanted) {
        return prepare(wanted, wanted.newJobs(Instant.now()))
                .flatMap(jobs -> together(jobs, job -> submit(job)
                        .onFailure(VideoCreation::isSurelyNotThere)
                        .call(() -> inputs.abandon(job.request()))));
    }

    /** Does all of {@link #create} that may be refused for what the client asks for. */
    Uni<List<Prepared>> prepare(Wanted wanted, List<NewJob> jobs) {
        limits.requireRoom(wanted.tenant(), jobs.size());
        List<Prepared> done = new ArrayList<>();
        return Multi.createFrom()
                .iterable(jobs)
                .onItem()
                .transformToUniAndConcatenate(job -> prepare(wanted, job))
                .invoke(done::add)
                .collect()
                .asList()
                .onFailure()
                .call(() -> abandon(done));
    }

    private Uni<Prepared> prepare(Wanted wanted, NewJob job) {
        return check(wanted, job).flatMap(prepared -> inputs.store(wanted, prepared.request())
                .map(request -> new Prepared(request, prepared.topic(), prepared.video(), prepared.trace())));
    }

    private Uni<Prepared> check(Wanted wanted, NewJob job) {
        String model = models.idOf(wanted.fields().model());
        return models.forRequest(model).flatMap(card -> check(wanted, job, model, card));
    }

    /** As {@link #prepare}, but for what jobs start from, which is not looked at, and with the models that are known. */
    Uni<Prepared> checkByKnownModels(Wanted wanted, NewJob job) {
        String model = models.idOf(wanted.fields().model());
        return check(wanted, job, model, models.known(model));
    }

    private Uni<Prepared> check(Wanted wanted, NewJob job, String model, Optional<ModelCard> card) {
        VideoRequest request = VideoRequestMapper.request(wanted, model, job, card);
        return checkWebhook(request)
                .replaceWith(() -> new Prepared(
                        request,
                        card.map(ModelCard::topic).orElse(Topic.REQUESTS.topicName()),
                        Video.of(
                                new Job(JobSnapshot.queued(request, job.time()), JobProgress.NONE),
                                Outlook.of(request, card)),
                        wanted.trace()));
    }

    /** Puts them on their topics. Of those of a request that fails, some may be there. */
    Uni<List<Video>> submit(List<Prepared> jobs) {
        return together(jobs, this::submit);
    }

    private Uni<Video> submit(Prepared job) {
        return submission.submit(job.request(), job.topic(), job.trace()).replaceWith(job.video());
    }

    private static Uni<List<Video>> together(List<Prepared> jobs, Function<Prepared, Uni<Video>> submit) {
        return Uni.join().all(jobs.stream().map(submit).toList()).andFailFast();
    }

    /** They are not to be sent: what was put in the bucket for them goes. */
    Uni<Void> abandon(List<Prepared> jobs) {
        return Multi.createFrom()
                .iterable(jobs)
                .onItem()
                .transformToUniAndConcatenate(job -> inputs.abandon(job.request()))
                .toUni();
    }

    /** Else the job may run, and needs what it starts from. */
    private static boolean isSurelyNotThere(Throwable failure) {
        return failure instanceof BrokerUnavailableException refused && !refused.mayBeThere();
    }

    private Uni<Void> checkWebhook(VideoRequest request) {
        if (request.webhook() == null) {
            return Uni.createFrom().voidItem();
        }
        if (!webhooks.canSign(request.webhook())) {
            throw ApiException.of(
                    ApiErrorCode.WEBHOOKS_NOT_CONFIGURED,
                    "webhook",
                    "webhook cannot be served: this gateway has no secret to sign calls with (WEBHOOK_SECRET), and"
                            + " webhook.secret brings none");
        }
        return guard.check(request.webhook().url())
                .onFailure(RefusedWebhookException.class)
                .transform(refusal -> ApiException.of(
                        ApiErrorCode.WEBHOOK_URL_REFUSED,
                        "webhook.url",
                        "webhook.url cannot be called: " + refusal.getMessage()));
    }
}
