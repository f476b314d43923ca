package io.text2video.gateway.api.creation;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.text2video.common.job.InputReference;
import io.text2video.common.job.JobId;
import io.text2video.common.job.VideoReference;
import io.text2video.common.job.VideoRequest;
import io.text2video.common.storage.ObjectKeys;
import io.text2video.gateway.api.bodies.StartImage;
import io.text2video.gateway.api.bodies.StartVideo;
import io.text2video.gateway.api.bodies.VideoFormat;
import io.text2video.gateway.api.errors.ApiErrorCode;
import io.text2video.gateway.api.errors.ApiException;
import io.text2video.gateway.storage.InputImages;
import io.text2video.gateway.storage.InputVideos;
import io.text2video.gateway.storage.InputVideos.Found;
import io.text2video.image.InvalidImageException;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.util.Optional;

/** The images and videos that new jobs start from: by their first bytes they are such, and they stay as long as the job. */
@ApplicationScoped
class JobInputs {
    private final InputImages images;
    private final InputVideos videos;

    JobInputs(InputImages images, InputVideos videos) {
        this.images = images;
        this.videos = videos;
    }

    /**
     * Stores what came with a request, and looks at what is there. Last before the request is sent that needs it.
     *
     * @param request of one of its jobs
     * @return the same with what it starts from; fails with an {@link ApiException} where that cannot be used
     */
    Uni<VideoRequest> store(Wanted wanted, VideoRequest request) {
        if (wanted.image().isEmpty() && wanted.video().isEmpty()) {
            return Uni.createFrom().item(request);
        }
        return onWorker(() -> {
            VideoRequest stored = request;
            if (wanted.image().isPresent()) {
                stored = stored.startingFrom(stored(request.id(), wanted.image().get()));
            }
            if (wanted.video().isPresent()) {
                store(wanted.video().get(), request.inputVideo());
            }
            return stored;
        });
    }

    /** The request is not to be sent: what was stored for it goes. */
    Uni<Void> abandon(VideoRequest request) {
        String own = ObjectKeys.input(request.id(), "");
        return Optional.ofNullable(request.inputReference())
                .map(InputReference::key)
                .or(() -> Optional.ofNullable(request.inputVideo()).map(VideoReference::key))
                .filter(key -> key.startsWith(own))
                .map(key -> Uni.createFrom()
                        .voidItem()
                        .emitOn(Infrastructure.getDefaultWorkerPool())
                        .invoke(() -> images.remove(key)))
                .orElseGet(() -> Uni.createFrom().voidItem());
    }

    /** Refuses an image that is not there, or that is another job's: it may go before many jobs have started from it. */
    Uni<Void> requireShared(StartImage.Stored image) {
        requireOfNoJob(StartImage.FIELD, image.reference().key());
        return onWorker(() -> stored(null, image)).replaceWithVoid();
    }

    /** Refuses a video likewise. */
    Uni<Void> requireShared(StartVideo.Stored video) {
        requireOfNoJob(video.field(), video.key());
        return onWorker(() -> {
                    requireVideo(video);
                    return video;
                })
                .replaceWithVoid();
    }

    private static void requireOfNoJob(String field, String key) {
        if (ObjectKeys.isOfJob(key)) {
            throw invalid(
                    field, "names %s, which goes with its job; for a batch, store it under another key".formatted(key));
        }
    }

    private InputReference stored(JobId id, StartImage image) throws IOException {
        try {
            if (image instanceof StartImage.Sent sent) {
                return images.store(id, sent.file());
            }
            InputReference reference = ((StartImage.Stored) image).reference();
            return images.keep(id, reference).orElseThrow(() -> absent(StartImage.FIELD, reference.key()));
        } catch (InvalidImageException e) {
            throw invalid(StartImage.FIELD, "cannot be used: " + e.getMessage());
        }
    }

    private void store(StartVideo video, VideoReference reference) throws IOException {
        if (video instanceof StartVideo.Sent sent) {
            videos.store(reference.key(), sent.file(), sent.format().mediaType());
            return;
        }
        StartVideo.Stored stored = (StartVideo.Stored) video;
        requireVideo(stored);
        if (!stored.key().equals(reference.key()) && !videos.copy(stored.key(), reference.key())) {
            throw absent(stored.field(), stored.key());
        }
    }

    private void requireVideo(StartVideo.Stored video) throws IOException {
        Found found = videos.find(video.key(), VideoFormat.HEAD).orElseThrow(() -> absent(video.field(), video.key()));
        if (found.bytes() > VideoReference.MAX_BYTES) {
            throw invalid(
                    video.field(),
                    "names %s, which has %d bytes; at most %d (64 MiB) are taken"
                            .formatted(video.key(), found.bytes(), VideoReference.MAX_BYTES));
        }
        StartVideo.format(video.field(), found.head());
    }

    private interface Call<T> {
        T run() throws IOException;
    }

    private static <T> Uni<T> onWorker(Call<T> call) {
        return Uni.createFrom()
                .item(() -> {
                    try {
                        return call.run();
                    } catch (IOException e) {
                        throw ApiException.unavailable(
                                ApiErrorCode.STORE_UNAVAILABLE,
                                "the object store does not take or show what the video is to start from",
                                e);
                    }
                })
                .runSubscriptionOn(Infrastructure.getDefaultWorkerPool());
    }

    private static ApiException absent(String field, String key) {
        return invalid(field, "names %s, but the bucket has no such object".formatted(key));
    }

    private static ApiException invalid(String field, String reason) {
        return ApiException.of(ApiErrorCode.INVALID_VALUE, field, field + " " + reason);
    }
}
