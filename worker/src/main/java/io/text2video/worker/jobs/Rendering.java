package io.text2video.worker.jobs;

import io.text2video.common.job.JobSnapshot;
import io.text2video.common.job.StageTimings;
import io.text2video.common.job.VideoFile;
import io.text2video.common.storage.ObjectKeys;
import io.text2video.worker.pipeline.Generation;
import io.text2video.worker.pipeline.GenerationParameters;
import io.text2video.worker.video.EncodedVideo;
import io.text2video.worker.video.VideoEncoder;
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
        try (VideoEncoder encoder = new VideoEncoder(parameters.fps())) {
            Generation generation = assignment
                    .pipeline()
                    .generate(parameters, new ProgressReport(job, attempt, publisher, clock), encoder);
            try (EncodedVideo video = encoder.finish()) {
                long encoded = System.nanoTime();
                archive.store(attempt, video);
                long stored = System.nanoTime();
                StageTimings timings = new StageTimings(
                        seconds(Duration.between(job.createdAt(), job.startedAt())),
                        seconds(generation.textEncoding()),
                        seconds(generation.denoising()),
                        seconds(generation.decoding()),
                        seconds(video.encoding()),
                        seconds(Duration.ofNanos(stored - encoded)));
                return job.completed(
                        file(attempt, parameters.fps(), video),
                        timings,
                        parameters.cacheThreshold() > 0 ? generation.reusedSteps() : null,
                        clock.instant());
            }
        }
    }

    private static VideoFile file(Attempt attempt, int fps, EncodedVideo video) throws IOException {
        return new VideoFile(
                ObjectKeys.video(attempt.id(), attempt.number()),
                ObjectKeys.poster(attempt.id(), attempt.number()),
                video.size(),
                video.width(),
                video.height(),
                video.frames(),
                fps,
                (double) video.frames() / fps);
    }

    private static double seconds(Duration duration) {
        return Math.max(0, duration.toNanos()) / 1e9;
    }
}
