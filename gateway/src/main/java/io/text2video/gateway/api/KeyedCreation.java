package io.text2video.gateway.api;

import io.smallrye.mutiny.Uni;
import io.text2video.common.job.JobId;
import io.text2video.common.json.JsonCodec;
import io.text2video.gateway.access.Caller;
import io.text2video.gateway.api.VideoCreation.Prepared;
import io.text2video.gateway.api.bodies.StartImage;
import io.text2video.gateway.api.errors.ApiErrorCode;
import io.text2video.gateway.api.errors.ApiException;
import io.text2video.gateway.commands.Submission;
import io.text2video.gateway.jobs.JobView;
import io.text2video.gateway.jobs.Video;
import io.text2video.gateway.storage.FirstAnswer;
import io.text2video.gateway.storage.FirstAnswers;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Optional;

/**
 * Makes one job of all requests with one {@code Idempotency-Key}. Whoever writes the key's answer first has it, and sends the
 * request to the broker. Whether it came there the view of the jobs tells, and nothing else: a gateway that dies in between, or
 * does not hear of it, leaves a key whose job is not known, and the next request with it sends the same job once more.
 */
@ApplicationScoped
class KeyedCreation {
    private static final byte[] BEFORE_IMAGE = {0};

    private final VideoCreation creation;
    private final FirstAnswers answers;
    private final JobView view;
    private final Submission submission;

    KeyedCreation(VideoCreation creation, FirstAnswers answers, JobView view, Submission submission) {
        this.creation = creation;
        this.answers = answers;
        this.view = view;
        this.submission = submission;
    }

    /** @param replayed whether the job was there before this request */
    record Answer(Video video, boolean replayed) {}

    /**
     * Fails with an {@link ApiException} when it is refused: as {@link VideoCreation#create} does, and where the key is another
     * request's or its first request is under way.
     */
    Uni<Answer> create(
            Caller caller, Optional<IdempotencyKey> key, CreateVideoRequest wanted, Optional<StartImage> image) {
        return key.map(sent -> create(caller, sent.name(caller.tenant()), wanted, image))
                .orElseGet(() -> creation.create(caller, wanted, image).map(video -> new Answer(video, false)));
    }

    private Uni<Answer> create(Caller caller, String name, CreateVideoRequest wanted, Optional<StartImage> image) {
        String request = hash(wanted, image);
        return answers.find(name).flatMap(found -> found.map(first -> again(caller, first, request, wanted, image))
                .orElseGet(() -> begin(caller, name, request, wanted, image)));
    }

    /** A request that is refused for what it says leaves the key free. */
    private Uni<Answer> begin(
            Caller caller, String name, String request, CreateVideoRequest wanted, Optional<StartImage> image) {
        return creation.prepare(caller, wanted, image, JobId.next(), Instant.now())
                .flatMap(prepared -> answers.keep(name, new FirstAnswer(request, prepared.video(), Instant.now()))
                        .flatMap(first -> first.job().equals(prepared.id())
                                ? submit(prepared)
                                : creation.abandon(prepared)
                                        .chain(() -> again(caller, first, request, wanted, image))));
    }

    /** The key has been used. */
    private Uni<Answer> again(
            Caller caller, FirstAnswer first, String request, CreateVideoRequest wanted, Optional<StartImage> image) {
        if (!first.request().equals(request)) {
            return Uni.createFrom()
                    .failure(ApiException.of(
                            ApiErrorCode.IDEMPOTENCY_KEY_REUSED,
                            IdempotencyKey.HEADER,
                            "%s was sent with another request in the last 24 hours, for job %s; a new request needs a new key"
                                    .formatted(IdempotencyKey.HEADER, first.job())));
        }
        return view.isKnown(first.job())
                .flatMap(known -> known
                        ? Uni.createFrom().item(new Answer(first.video(), true))
                        : sendOnce(caller, first, wanted, image));
    }

    /**
     * Nobody has seen its job. The first request may be on its way; once nobody waits for it any more, it is sent again as the
     * same job: an id that comes twice is one job.
     */
    private Uni<Answer> sendOnce(
            Caller caller, FirstAnswer first, CreateVideoRequest wanted, Optional<StartImage> image) {
        if (Instant.now().isBefore(first.time().plus(submission.timeout()))) {
            return Uni.createFrom()
                    .failure(ApiException.of(
                            ApiErrorCode.IDEMPOTENCY_KEY_IN_USE,
                            IdempotencyKey.HEADER,
                            "the first request with this %s is under way; ask again".formatted(IdempotencyKey.HEADER)));
        }
        return creation.prepare(caller, wanted, image, first.job(), first.time())
                .flatMap(this::submit);
    }

    private Uni<Answer> submit(Prepared prepared) {
        return creation.submit(prepared).map(video -> new Answer(video, false));
    }

    /** Not of the bytes that were sent: a form's boundaries are others each time. */
    private static String hash(CreateVideoRequest wanted, Optional<StartImage> image) {
        byte[] fields = JsonCodec.write(wanted);
        return image.orElse(null) instanceof StartImage.Sent sent
                ? Sha256.of(fields, BEFORE_IMAGE, sent.file())
                : Sha256.of(fields);
    }
}
