package io.text2video.gateway.api;

import io.opentelemetry.context.Context;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.text2video.common.job.InputReference;
import io.text2video.common.job.JobId;
import io.text2video.common.job.JobSnapshot;
import io.text2video.common.job.VideoRequest;
import io.text2video.common.model.ModelCard;
import io.text2video.common.storage.ObjectKeys;
import io.text2video.common.topic.Topic;
import io.text2video.gateway.api.bodies.StartImage;
import io.text2video.gateway.api.errors.ApiErrorCode;
import io.text2video.gateway.api.errors.ApiException;
import io.text2video.gateway.commands.BrokerUnavailableException;
import io.text2video.gateway.commands.Submission;
import io.text2video.gateway.jobs.Job;
import io.text2video.gateway.jobs.JobProgress;
import io.text2video.gateway.jobs.Outlook;
import io.text2video.gateway.jobs.Video;
import io.text2video.gateway.storage.InputImages;
import io.text2video.gateway.webhook.RefusedWebhookException;
import io.text2video.gateway.webhook.WebhookGuard;
import io.text2video.gateway.webhook.WebhookSigner;
import io.text2video.image.InvalidImageException;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** From what a client asks for to accepted jobs. The image is stored last before the request that needs it is sent. */
@ApplicationScoped
class VideoCreation {
    private final OpenJobLimits limits;
    private final ModelChoice models;
    private final InputImages images;
    private final Submission submission;
    private final WebhookSigner webhooks;
    private final WebhookGuard guard;

    VideoCreation(
            OpenJobLimits limits,
            ModelChoice models,
            InputImages images,
            Submission submission,
            WebhookSigner webhooks,
            WebhookGuard guard) {
        this.limits = limits;
        this.models = models;
        this.images = images;
        this.submission = submission;
        this.webhooks = webhooks;
        this.guard = guard;
    }

    /**
     * A request that can be served. Its image is stored, and nobody knows of it yet.
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
                        .call(() -> abandon(job))));
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
        return check(wanted, job).flatMap(prepared -> wanted.image()
                .map(start -> store(start, prepared))
                .orElseGet(() -> Uni.createFrom().item(prepared)));
    }

    private Uni<Prepared> check(Wanted wanted, NewJob job) {
        String model = models.idOf(wanted.fields().model());
        return models.forRequest(model).flatMap(card -> check(wanted, job, model, card));
    }

    /** As {@link #prepare}, but for the image, which is not looked at, and with the models that are known. */
    Uni<Prepared> checkByKnownModels(Wanted wanted, NewJob job) {
        String model = models.idOf(wanted.fields().model());
        return check(wanted, job, model, models.known(model));
    }

    private Uni<Prepared> check(Wanted wanted, NewJob job, String model, Optional<ModelCard> card) {
        VideoRequest request = VideoRequestMapper.request(wanted.fields(), model, wanted.image(), job, card);
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
                .transformToUniAndConcatenate(this::abandon)
                .toUni();
    }

    private Uni<Void> abandon(Prepared prepared) {
        InputReference image = prepared.request().inputReference();
        return image != null && image.key().startsWith(ObjectKeys.input(prepared.id(), ""))
                ? Uni.createFrom()
                        .voidItem()
                        .emitOn(Infrastructure.getDefaultWorkerPool())
                        .invoke(() -> images.remove(image))
                : Uni.createFrom().voidItem();
    }

    private Uni<Prepared> store(StartImage image, Prepared prepared) {
        return Uni.createFrom()
                .item(() -> stored(prepared.id(), image))
                .runSubscriptionOn(Infrastructure.getDefaultWorkerPool())
                .map(reference -> new Prepared(
                        prepared.request().startingFrom(reference),
                        prepared.topic(),
                        prepared.video(),
                        prepared.trace()));
    }

    private InputReference stored(JobId id, StartImage image) {
        try {
            if (image instanceof StartImage.Sent sent) {
                return images.store(id, sent.file());
            }
            InputReference reference = ((StartImage.Stored) image).reference();
            return images.keep(id, reference)
                    .orElseThrow(
                            () -> invalid("names %s, but the bucket has no such object".formatted(reference.key())));
        } catch (InvalidImageException e) {
            throw invalid("cannot be used: " + e.getMessage());
        } catch (IOException e) {
            throw ApiException.unavailable(
                    ApiErrorCode.STORE_UNAVAILABLE, "the object store does not take or show the image", e);
        }
    }

    /** Refuses an image that is not there, or that is another job's: it may go before many jobs have started from it. */
    Uni<Void> requireShared(InputReference image) {
        if (ObjectKeys.isInput(image.key())) {
            throw invalid("names %s, which goes with its job; for a batch, store it under another key"
                    .formatted(image.key()));
        }
        return Uni.createFrom()
                .item(() -> stored(null, new StartImage.Stored(image)))
                .runSubscriptionOn(Infrastructure.getDefaultWorkerPool())
                .replaceWithVoid();
    }

    /** Else the job may run, and needs its image. */
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

    private static ApiException invalid(String reason) {
        return ApiException.of(ApiErrorCode.INVALID_VALUE, StartImage.FIELD, StartImage.FIELD + " " + reason);
    }
}
