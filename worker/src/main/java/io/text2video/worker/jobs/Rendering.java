package io.text2video.worker.jobs;

import io.text2video.common.job.JobSnapshot;
import io.text2video.common.job.StageTimings;
import io.text2video.common.job.VideoFile;
import io.text2video.common.storage.ObjectKeys;
import io.text2video.worker.pipeline.Frames;
import io.text2video.worker.pipeline.Generation;
import io.text2video.worker.pipeline.GenerationParameters;
import io.text2video.worker.video.EncodedVideo;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;

/** From parameters to a video in the store. */
final class Rendering {
    private final VideoArchive archive;
    private final JobPublisher publisher;
    private final Clock clock;

    Rendering(VideoArchive archive, JobPublisher publisher, Clock clock) {
        this.archive = archive;
        this.publisher = publisher;
        this.clock = clock;
    }

    /**
     * Draws, encodes and stores the video of a job in progress.
     *
     * @return the job as completed, which is not true before the archive says so
     * @throws StorageException when the store does not take it
     * @throws IOException when the video cannot be encoded
     */
    JobSnapshot render(Attempt attempt, JobSnapshot job, Assignment assignment) throws IOException {
        GenerationParameters parameters = assignment.parameters();
        Generation generation =
                assignment.pipeline().generate(parameters, new ProgressReport(job, attempt, publisher, clock));
        long generated = System.nanoTime();
        try (EncodedVideo video = EncodedVideo.of(generation.frames(), parameters.fps())) {
            long encoded = System.nanoTime();
            archive.store(attempt, video);
            long stored = System.nanoTime();
            StageTimings timings = new StageTimings(
                    seconds(Duration.between(job.createdAt(), job.startedAt()).toNanos()),
                    seconds(generation.textEncoding().toNanos()),
                    seconds(generation.denoising().toNanos()),
                    seconds(generation.decoding().toNanos()),
                    seconds(encoded - generated),
                    seconds(stored - encoded));
            return job.completed(
                    file(attempt, generation.frames(), parameters.fps(), video),
                    timings,
                    parameters.cacheThreshold() > 0 ? generation.reusedSteps() : null,
                    clock.instant());
        }
    }

    private static VideoFile file(Attempt attempt, Frames frames, int fps, EncodedVideo video) throws IOException {
        return new VideoFile(
                ObjectKeys.video(attempt.id(), attempt.number()),
                ObjectKeys.poster(attempt.id(), attempt.number()),
                video.size(),
                frames.width(),
                frames.height(),
                frames.count(),
                fps,
                (double) frames.count() / fps);
    }

    private static double seconds(long nanos) {
        return Math.max(0, nanos) / 1e9;
    }
}
