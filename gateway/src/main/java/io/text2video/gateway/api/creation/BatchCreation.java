package io.text2video.gateway.api.creation;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.text2video.common.job.BatchId;
import io.text2video.common.job.VideoReference.Operation;
import io.text2video.common.job.VideoRequest;
import io.text2video.common.json.InvalidMessageException;
import io.text2video.common.json.JsonCodec;
import io.text2video.gateway.access.Caller;
import io.text2video.gateway.api.bodies.JsonLines;
import io.text2video.gateway.api.bodies.StartImage;
import io.text2video.gateway.api.bodies.StartVideo;
import io.text2video.gateway.api.creation.RefusedBatch.LineError;
import io.text2video.gateway.api.errors.ApiErrorCode;
import io.text2video.gateway.api.errors.ApiException;
import io.text2video.gateway.batches.BatchWork;
import io.text2video.gateway.storage.Batch;
import io.text2video.gateway.storage.StoredBatches;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** From a file of requests to an accepted batch: all of them, or none. */
@ApplicationScoped
public class BatchCreation {
    private static final int MOST_LINES = 10_000;
    /** A prompt of 32,000 characters, and all else beside it. */
    private static final int MOST_BYTES = 256 << 10;

    private static final int MOST_SHOWN = 1000;

    private final OpenJobLimits limits;
    private final ModelChoice models;
    private final VideoCreation creation;
    private final JobInputs inputs;
    private final StoredBatches batches;
    private final BatchWork work;

    BatchCreation(
            OpenJobLimits limits,
            ModelChoice models,
            VideoCreation creation,
            JobInputs inputs,
            StoredBatches batches,
            BatchWork work) {
        this.limits = limits;
        this.models = models;
        this.creation = creation;
        this.inputs = inputs;
        this.batches = batches;
        this.work = work;
    }

    /** What became of it: one of the two. */
    public sealed interface Outcome {
        /** @param replayed whether it was there before */
        record Accepted(Batch batch, boolean replayed) implements Outcome {}

        record Refused(RefusedBatch reason) implements Outcome {}
    }

    /**
     * Fails with an {@link ApiException} where no line is to blame.
     *
     * @param key whose batch it is, for as long as there is one
     */
    public Uni<Outcome> create(Caller caller, Optional<IdempotencyKey> key, JsonLines lines) {
        String content = Sha256.of(lines.content());
        if (key.isEmpty()) {
            return accept(caller, BatchId.next(), content, lines);
        }
        BatchId id = BatchId.named(Sha256.of(("batch " + key.get().name(caller.tenant())).getBytes(US_ASCII)));
        return batches.find(id).flatMap(found -> found.map(first -> again(first, content))
                .orElseGet(() -> accept(caller, id, content, lines)));
    }

    private Uni<Outcome> accept(Caller caller, BatchId id, String content, JsonLines lines) {
        requireLinesWithinLimits(lines.count());
        var reading = new Reading(caller, id);
        return models.upToDate()
                .emitOn(Infrastructure.getDefaultWorkerPool())
                .flatMap(done -> Multi.createFrom()
                        .iterable(lines)
                        .onItem()
                        .transformToUniAndConcatenate(reading::take)
                        .onItem()
                        .ignoreAsUni())
                .flatMap(done -> {
                    if (reading.wrong > 0) {
                        return Uni.createFrom()
                                .item(new Outcome.Refused(RefusedBatch.of(reading.wrong, reading.errors)));
                    }
                    limits.requireRoom(caller.tenant(), reading.line);
                    var batch = new Batch(id, caller.tenant(), reading.line, content, reading.time);
                    return batches.keep(batch, reading.requests.toByteArray())
                            .flatMap(kept -> kept.equals(batch) ? begun(kept, false) : again(kept, content));
                });
    }

    private static void requireLinesWithinLimits(int lines) {
        if (lines == 0) {
            throw ApiException.of(ApiErrorCode.INVALID_BATCH, "the batch has no line; each is to be a request");
        }
        if (lines > MOST_LINES) {
            throw ApiException.of(
                    ApiErrorCode.INVALID_BATCH,
                    "the batch has %d lines; it must not have more than %d".formatted(lines, MOST_LINES));
        }
    }

    /** There is one with this id. If it was left by a gateway that died, any may go on with it. */
    private Uni<Outcome> again(Batch first, String content) {
        if (!first.content().equals(content)) {
            throw ApiException.of(
                    ApiErrorCode.IDEMPOTENCY_KEY_REUSED,
                    IdempotencyKey.HEADER,
                    "%s was sent with another batch, %s; a new batch needs a new key"
                            .formatted(IdempotencyKey.HEADER, first.id()));
        }
        return batches.state(first.id())
                .flatMap(state -> state.filter(StoredBatches.State::isOpen).isPresent()
                        ? begun(first, true)
                        : Uni.createFrom().item(new Outcome.Accepted(first, true)));
    }

    private Uni<Outcome> begun(Batch batch, boolean replayed) {
        work.add(batch.id());
        return Uni.createFrom().item(new Outcome.Accepted(batch, replayed));
    }

    /** Takes the lines one after the other. */
    private final class Reading {
        private final Caller caller;
        private final BatchId id;
        private final Instant time = Instant.now();
        private final ByteArrayOutputStream requests = new ByteArrayOutputStream();
        private final List<LineError> errors = new ArrayList<>();
        /** Images and videos by their keys: each is looked at once. */
        private final Map<String, Uni<Void>> looks = new HashMap<>();

        private int line;
        private int wrong;

        Reading(Caller caller, BatchId id) {
            this.caller = caller;
            this.id = id;
        }

        Uni<Void> take(byte[] json) {
            line++;
            return Uni.createFrom()
                    .deferred(() -> request(json))
                    .invoke(this::keep)
                    .replaceWithVoid()
                    .onFailure(ApiException.class)
                    .recoverWithUni(failure -> refuse((ApiException) failure));
        }

        private Uni<VideoRequest> request(byte[] json) {
            CreateVideoRequest wanted = read(json);
            if (wanted.n() != null && wanted.n() != 1) {
                throw invalid("n", "must be 1 in a batch, not %d: each line is one job".formatted(wanted.n()));
            }
            Optional<StartImage> image = StartImage.of(wanted.inputReference());
            Optional<StartVideo> video = StartVideo.of(wanted);
            return creation.checkByKnownModels(
                            Wanted.of(caller, wanted, image, video, Operation.EDIT),
                            new NewJob(id.job(line), time, 0, null, caller.tenant()))
                    .map(VideoCreation.Prepared::request)
                    .call(request -> image.<Uni<Void>>map(start -> look((StartImage.Stored) start))
                            .or(() -> video.map(start -> look((StartVideo.Stored) start)))
                            .orElseGet(Uni.createFrom()::voidItem));
        }

        private Uni<Void> look(StartImage.Stored image) {
            return once("image " + image.reference().key(), () -> inputs.requireShared(image));
        }

        private Uni<Void> look(StartVideo.Stored video) {
            return once("video " + video.key(), () -> inputs.requireShared(video));
        }

        private Uni<Void> once(String what, Supplier<Uni<Void>> look) {
            return looks.computeIfAbsent(what, first -> look.get().memoize().indefinitely());
        }

        private void keep(VideoRequest request) {
            if (wrong == 0) {
                requests.writeBytes(JsonCodec.write(request));
                requests.write('\n');
            }
        }

        /** A part of the fleet that is away is no line's fault. */
        private Uni<Void> refuse(ApiException refusal) {
            if (refusal.status() >= ApiErrorCode.INTERNAL_ERROR.status()) {
                return Uni.createFrom().failure(refusal);
            }
            wrong++;
            if (errors.size() < MOST_SHOWN) {
                errors.add(LineError.of(line, refusal));
            }
            return Uni.createFrom().voidItem();
        }
    }

    private static CreateVideoRequest read(byte[] json) {
        if (json.length == 0) {
            throw ApiException.of(ApiErrorCode.INVALID_JSON, "the line must be a JSON object, and is empty");
        }
        if (json.length > MOST_BYTES) {
            throw ApiException.of(
                    ApiErrorCode.BODY_TOO_LARGE, "the line must not be larger than %d bytes".formatted(MOST_BYTES));
        }
        try {
            CreateVideoRequest wanted = JsonCodec.readStrictly(json, CreateVideoRequest.class);
            if (wanted.inputReference() != null && wanted.inputReference().imageUrl() != null) {
                throw invalid(StartImage.FIELD, "must be the key of an object in the fleet's bucket in a batch");
            }
            if (StartVideo.of(wanted).orElse(null) instanceof StartVideo.OfJob job) {
                throw invalid(job.field(), "must be the key of an object in the fleet's bucket in a batch");
            }
            return wanted;
        } catch (InvalidMessageException e) {
            throw ApiException.of(e);
        }
    }

    private static ApiException invalid(String field, String reason) {
        return ApiException.of(ApiErrorCode.INVALID_VALUE, field, field + " " + reason);
    }
}
