package io.text2video.gateway.api;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.text2video.common.job.InputReference;
import io.text2video.common.job.JobId;
import io.text2video.common.job.JobSnapshot;
import io.text2video.common.job.Tenant;
import io.text2video.common.job.VideoRequest;
import io.text2video.common.model.ModelCard;
import io.text2video.common.storage.ObjectKeys;
import io.text2video.common.topic.Topic;
import io.text2video.gateway.access.Caller;
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
import java.util.Optional;

/** From what a client asks for to an accepted job. The image is stored last before the request that needs it is sent. */
@ApplicationScoped
class VideoCreation {
    private final ModelChoice models;
    private final InputImages images;
    private final Submission submission;
    private final WebhookSigner webhooks;
    private final WebhookGuard guard;

    VideoCreation(
            ModelChoice models, InputImages images, Submission submission, WebhookSigner webhooks, WebhookGuard guard) {
        this.models = models;
        this.images = images;
        this.submission = submission;
        this.webhooks = webhooks;
        this.guard = guard;
    }

    /**
     * A request that can be served. Its image is stored, and nobody knows of it yet.
     *
     * @param image that it came with
     * @param topic of the workers that it is for
     * @param video the answer, once it is accepted
     */
    record Prepared(VideoRequest request, Optional<StartImage> image, String topic, Video video) {
        JobId id() {
            return request.id();
        }
    }

    /** Fails with an {@link ApiException} when it is refused, by the first rule that it breaks. */
    Uni<Video> create(Caller caller, CreateVideoRequest wanted, Optional<StartImage> image) {
        return created(prepare(caller, wanted, image, JobId.next(), Instant.now()));
    }

    /**
     * The same for a job that is like another one, of the same tenant.
     *
     * @param image the other one's
     * @param remixed the other one, which the client sees
     */
    Uni<Video> remix(CreateVideoRequest wanted, Optional<StartImage> image, JobSnapshot remixed) {
        return created(prepare(remixed.owner(), wanted, image, JobId.next(), Instant.now(), remixed.id()));
    }

    private Uni<Video> created(Uni<Prepared> preparation) {
        return preparation.flatMap(prepared ->
                submit(prepared).onFailure(VideoCreation::isSurelyNotThere).call(() -> abandon(prepared)));
    }

    /** Does all of {@link #create} that may be refused for what the client asks for. */
    Uni<Prepared> prepare(Caller caller, CreateVideoRequest wanted, Optional<StartImage> image, JobId id, Instant now) {
        image.ifPresent(start -> requireOwn(caller, start));
        return prepare(caller.tenant(), wanted, image, id, now, null);
    }

    private Uni<Prepared> prepare(
            Tenant tenant,
            CreateVideoRequest wanted,
            Optional<StartImage> image,
            JobId id,
            Instant now,
            JobId remixed) {
        String model = models.idOf(wanted.model());
        return models.forRequest(model).flatMap(card -> {
            VideoRequest request = VideoRequestMapper.request(wanted, model, image, id, now, card, remixed, tenant);
            return checkWebhook(request)
                    .replaceWith(() -> new Prepared(
                            request,
                            image,
                            card.map(ModelCard::topic).orElse(Topic.REQUESTS.topicName()),
                            Video.of(
                                    new Job(JobSnapshot.queued(request, now), JobProgress.NONE),
                                    Outlook.of(request, card))))
                    .flatMap(prepared -> image.map(start -> store(start, prepared))
                            .orElseGet(() -> Uni.createFrom().item(prepared)));
        });
    }

    /** Puts it on its topic. */
    Uni<Video> submit(Prepared prepared) {
        return submission.submit(prepared.request(), prepared.topic()).replaceWith(prepared.video());
    }

    /** It is not to be sent: what was put in the bucket for it goes. */
    Uni<Void> abandon(Prepared prepared) {
        InputReference image = prepared.request().inputReference();
        return image != null && image.key().startsWith(ObjectKeys.input(prepared.id(), ""))
                ? Uni.createFrom()
                        .voidItem()
                        .emitOn(Infrastructure.getDefaultWorkerPool())
                        .invoke(() -> images.remove(image))
                : Uni.createFrom().voidItem();
    }

    private static void requireOwn(Caller caller, StartImage image) {
        if (image instanceof StartImage.Stored stored
                && !caller.mayStartFrom(stored.reference().key())) {
            throw ApiException.of(
                    ApiErrorCode.FORBIDDEN,
                    StartImage.FIELD,
                    "%s names %s, but a key must begin with %s, where your tenant's images are"
                            .formatted(StartImage.FIELD, stored.reference().key(), ObjectKeys.inputs(caller.tenant())));
        }
    }

    private Uni<Prepared> store(StartImage image, Prepared prepared) {
        return Uni.createFrom()
                .item(() -> stored(prepared.id(), image))
                .runSubscriptionOn(Infrastructure.getDefaultWorkerPool())
                .map(reference -> new Prepared(
                        prepared.request().startingFrom(reference),
                        prepared.image(),
                        prepared.topic(),
                        prepared.video()));
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
