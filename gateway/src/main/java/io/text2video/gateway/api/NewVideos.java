package io.text2video.gateway.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.text2video.common.job.JobSnapshot;
import io.text2video.common.job.JobStatus;
import io.text2video.common.job.VideoReference.Operation;
import io.text2video.common.json.JsonCodec;
import io.text2video.gateway.access.Caller;
import io.text2video.gateway.api.access.Callers;
import io.text2video.gateway.api.bodies.BodyMemory;
import io.text2video.gateway.api.bodies.SentBody;
import io.text2video.gateway.api.bodies.SentMessage;
import io.text2video.gateway.api.bodies.StartImage;
import io.text2video.gateway.api.bodies.StartVideo;
import io.text2video.gateway.api.creation.CreateVideoRequest;
import io.text2video.gateway.api.creation.IdempotencyKey;
import io.text2video.gateway.api.creation.KeyedCreation;
import io.text2video.gateway.api.creation.RemixRequest;
import io.text2video.gateway.api.creation.Sha256;
import io.text2video.gateway.api.creation.Wanted;
import io.text2video.gateway.api.errors.ApiErrorCode;
import io.text2video.gateway.api.errors.ApiException;
import io.text2video.gateway.jobs.Job;
import io.vertx.core.http.HttpServerRequest;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.HttpHeaders;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jboss.resteasy.reactive.RestResponse;

/** From a request over HTTP that makes jobs to its answer, whatever its path. */
@ApplicationScoped
class NewVideos {
    private static final byte[] BETWEEN = {0};

    private final Callers callers;
    private final KeyedCreation creation;
    private final VideoAnswers answers;
    private final Lookup lookup;
    private final RequestTraces traces;

    NewVideos(Callers callers, KeyedCreation creation, VideoAnswers answers, Lookup lookup, RequestTraces traces) {
        this.callers = callers;
        this.creation = creation;
        this.answers = answers;
        this.lookup = lookup;
        this.traces = traces;
    }

    /**
     * A request, as it came.
     *
     * @param body null for none
     * @param request on whose thread this is made
     */
    @SuppressWarnings("ArrayRecordComponent") // a carrier of bytes that nobody compares
    record Call(byte[] body, String contentType, HttpHeaders headers, HttpServerRequest request) {
        /** While an answer waits, nothing large is held for it. */
        Optional<PreferredWait> preferredWait() {
            return BodyMemory.isHeldFor(request) ? Optional.empty() : PreferredWait.of(headers);
        }
    }

    /** A video, from a prompt and whatever else the request has. */
    Uni<RestResponse<Object>> create(Call call) {
        return create(call, Operation.EDIT, false);
    }

    /** A video that is made of another one, which the request has to have. */
    Uni<RestResponse<Object>> createFromVideo(Call call, Operation operation) {
        return create(call, operation, true);
    }

    private Uni<RestResponse<Object>> create(Call call, Operation operation, boolean fromVideo) {
        Caller caller = callers.current();
        var trace = traces.current();
        Optional<IdempotencyKey> key = IdempotencyKey.of(call.headers());
        Optional<PreferredWait> wait = call.preferredWait();
        return read(call, CreateVideoRequest.class)
                .invoke(sent -> requireVideo(sent, fromVideo))
                .flatMap(sent ->
                        creation.create(caller, key, () -> hash(sent, operation), () -> wanted(caller, sent, operation)
                                .map(wanted -> wanted.partOf(trace))))
                .flatMap(created -> answers.accepted(caller, created, wait));
    }

    /** @param id of the job that is to be made once more with another prompt */
    Uni<RestResponse<Object>> remix(Call call, String id) {
        Caller caller = callers.current();
        var trace = traces.current();
        Optional<IdempotencyKey> key = IdempotencyKey.of(call.headers());
        Optional<PreferredWait> wait = call.preferredWait();
        return read(call, RemixRequest.class)
                .flatMap(sent -> creation.create(
                        caller,
                        key,
                        () -> Sha256.of(JsonCodec.write(sent.message()), BETWEEN, id.getBytes(UTF_8)),
                        () -> lookup.byPath(caller, id)
                                .map(Job::snapshot)
                                .map(sent.message()::of)
                                .map(wanted -> wanted.partOf(trace))))
                .flatMap(created -> answers.accepted(caller, created, wait));
    }

    private Uni<Wanted> wanted(Caller caller, SentBody<CreateVideoRequest> sent, Operation operation) {
        if (sent.video().orElse(null) instanceof StartVideo.OfJob job) {
            Wanted wanted = Wanted.of(caller, sent.message(), sent.image(), Optional.empty(), operation);
            String field = job.field() + ".id";
            return lookup.byBody(caller, field, job.id())
                    .map(Job::snapshot)
                    .map(source ->
                            wanted.madeFrom(source.id(), new StartVideo.Stored(job.field(), file(field, source))));
        }
        return Uni.createFrom().item(() -> Wanted.of(caller, sent.message(), sent.image(), sent.video(), operation));
    }

    private static String file(String field, JobSnapshot source) {
        if (source.status() == JobStatus.COMPLETED) {
            return source.video().key();
        }
        if (source.status().isTerminal()) {
            throw ApiException.of(
                    ApiErrorCode.INVALID_VALUE,
                    field,
                    "%s names %s, which is %s: it has no video"
                            .formatted(field, source.id(), source.status().wireName()));
        }
        throw ApiException.of(
                ApiErrorCode.VIDEO_NOT_READY,
                field,
                "%s names %s, which is %s: it has no video yet"
                        .formatted(field, source.id(), source.status().wireName()));
    }

    private static void requireVideo(SentBody<CreateVideoRequest> sent, boolean fromVideo) {
        if (fromVideo && sent.video().filter(video -> !video.isControl()).isEmpty()) {
            throw ApiException.of(
                    ApiErrorCode.INVALID_VALUE,
                    StartVideo.FIELD,
                    "video is required: a file in a form, or in JSON the id of a completed video, {\"id\": …}, or the key of an"
                            + " object in the fleet's bucket, {\"key\": …}");
        }
    }

    /** Not of the bytes that were sent: a form's boundaries are others each time. */
    private static String hash(SentBody<CreateVideoRequest> sent, Operation operation) {
        List<byte[]> parts = new ArrayList<>(List.of(JsonCodec.write(sent.message())));
        if (sent.image().orElse(null) instanceof StartImage.Sent image) {
            parts.add(BETWEEN);
            parts.add(image.file());
        }
        if (sent.video().orElse(null) instanceof StartVideo.Sent video) {
            parts.add(BETWEEN);
            parts.add(video.file());
        }
        if (operation == Operation.EXTEND) {
            parts.add(BETWEEN);
            parts.add(operation.wireName().getBytes(UTF_8));
        }
        return Sha256.of(parts.toArray(byte[][]::new));
    }

    /** An image makes a body large: its text is not taken apart on the thread that serves everybody. */
    private static <T extends SentMessage> Uni<SentBody<T>> read(Call call, Class<T> type) {
        return Uni.createFrom()
                .item(() -> SentBody.read(call.contentType(), call.body(), type))
                .runSubscriptionOn(Infrastructure.getDefaultWorkerPool());
    }
}
