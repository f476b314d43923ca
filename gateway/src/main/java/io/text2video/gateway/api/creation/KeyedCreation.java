package io.text2video.gateway.api.creation;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.text2video.common.job.JobId;
import io.text2video.gateway.access.Caller;
import io.text2video.gateway.api.creation.VideoCreation.Prepared;
import io.text2video.gateway.api.errors.ApiErrorCode;
import io.text2video.gateway.api.errors.ApiException;
import io.text2video.gateway.commands.Submission;
import io.text2video.gateway.jobs.JobView;
import io.text2video.gateway.jobs.Video;
import io.text2video.gateway.storage.FirstAnswer;
import io.text2video.gateway.storage.FirstAnswers;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Makes the jobs of all requests with one {@code Idempotency-Key} once. Whoever writes the key's answer first has it, and sends
 * the jobs to the broker. Whether they came there the view of the jobs tells, and nothing else: a gateway that dies in between,
 * or does not hear of it, leaves a key with a job that is not known, and the next request with it sends the same job once more.
 */
@ApplicationScoped
public class KeyedCreation {
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

    /**
     * @param videos one for each job of the request
     * @param replayed whether all jobs were there before this request
     */
    public record Answer(List<Video> videos, boolean replayed) {}

    /**
     * Fails with an {@link ApiException} when it is refused: as {@link VideoCreation#create} does, and where the key is another
     * request's or its first request is under way.
     *
     * @param hash of what the client sent, which tells whether two requests are the same
     * @param wanted what that comes to; not asked for when the first answer will do
     */
    public Uni<Answer> create(
            Caller caller, Optional<IdempotencyKey> key, Supplier<String> hash, Supplier<Uni<Wanted>> wanted) {
        return key.map(sent -> new Request(sent.name(caller.tenant()), hash.get(), wanted).create())
                .orElseGet(() -> wanted.get().flatMap(creation::create).map(videos -> new Answer(videos, false)));
    }

    /** One that has a key. */
    private final class Request {
        private final String name;
        private final String hash;
        private final Supplier<Uni<Wanted>> wanted;

        Request(String name, String hash, Supplier<Uni<Wanted>> wanted) {
            this.name = name;
            this.hash = hash;
            this.wanted = wanted;
        }

        Uni<Answer> create() {
            return answers.find(name).flatMap(found -> found.map(this::again).orElseGet(this::begin));
        }

        /** A request that is refused for what it says leaves the key free. */
        private Uni<Answer> begin() {
            return wanted.get()
                    .flatMap(request -> creation.prepare(request, request.newJobs(Instant.now())))
                    .flatMap(jobs -> answers.keep(name, new FirstAnswer(hash, videos(jobs), Instant.now()))
                            .flatMap(first -> first.jobs()
                                            .equals(jobs.stream()
                                                    .map(Prepared::id)
                                                    .toList())
                                    ? creation.submit(jobs).map(videos -> new Answer(videos, false))
                                    : creation.abandon(jobs).chain(() -> again(first))));
        }

        /** The key has been used. */
        private Uni<Answer> again(FirstAnswer first) {
            if (!first.request().equals(hash)) {
                throw ApiException.of(
                        ApiErrorCode.IDEMPOTENCY_KEY_REUSED,
                        IdempotencyKey.HEADER,
                        "%s was sent with another request in the last 24 hours, for job %s; a new request needs a new key"
                                .formatted(
                                        IdempotencyKey.HEADER,
                                        first.jobs().stream()
                                                .map(JobId::toString)
                                                .collect(Collectors.joining(", "))));
            }
            return Multi.createFrom()
                    .iterable(first.jobs())
                    .select()
                    .when(job -> view.isKnown(job).map(known -> !known))
                    .collect()
                    .asList()
                    .flatMap(missing -> missing.isEmpty()
                            ? Uni.createFrom().item(new Answer(first.videos(), true))
                            : send(first, missing));
        }

        /**
         * Nobody has seen some of its jobs. They may be on their way; once nobody waits for them any more, they are sent again as
         * the same jobs: an id that comes twice is one job.
         */
        private Uni<Answer> send(FirstAnswer first, List<JobId> missing) {
            if (Instant.now().isBefore(first.time().plus(submission.timeout()))) {
                throw ApiException.of(
                        ApiErrorCode.IDEMPOTENCY_KEY_IN_USE,
                        IdempotencyKey.HEADER,
                        "the first request with this %s is under way; ask again".formatted(IdempotencyKey.HEADER));
            }
            return wanted.get()
                    .flatMap(request -> creation.prepare(
                            request,
                            request.jobs(first.jobs(), first.time()).stream()
                                    .filter(job -> missing.contains(job.id()))
                                    .toList()))
                    .flatMap(creation::submit)
                    .replaceWith(() -> new Answer(first.videos(), false));
        }
    }

    private static List<Video> videos(List<Prepared> jobs) {
        return jobs.stream().map(Prepared::video).toList();
    }
}
