package io.text2video.worker.jobs;

import static java.util.Objects.requireNonNullElse;

import io.text2video.common.job.JobSnapshot;
import io.text2video.common.job.StageTimings;
import io.text2video.common.job.VideoFile;
import io.text2video.common.storage.ObjectKeys;
import io.text2video.worker.pipeline.FrameSink;
import io.text2video.worker.pipeline.Generation;
import io.text2video.worker.pipeline.GenerationParameters;
import io.text2video.worker.pipeline.StepListener;
import io.text2video.worker.pipeline.VideoPipeline;
import io.text2video.worker.recipe.VideoRecipe;
import io.text2video.worker.video.EncodedVideo;
import io.text2video.worker.video.VideoEncoder;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/** From parameters to a video in the store, in two parts: one job may be drawn while the one before it is stored. */
final class Rendering {
    /** How long before a generation's end its caller hears of it. */
    private static final Duration NEAR_END = Duration.ofSeconds(2);

    private final VideoArchive archive;
    private final JobPublisher publisher;
    private final JobCheckpoints checkpoints;
    private final JobPreviews previews;
    private final boolean embedRecipe;
    private final JobMetrics metrics;
    private final Clock clock;

    /** Of the last generation, nanoseconds for a pixel of a frame; infinite before the first. */
    private double decodingPace = Double.POSITIVE_INFINITY;

    Rendering(
            VideoArchive archive,
            JobPublisher publisher,
            JobCheckpoints checkpoints,
            JobPreviews previews,
            boolean embedRecipe,
            JobMetrics metrics,
            Clock clock) {
        this.archive = archive;
        this.publisher = publisher;
        this.checkpoints = checkpoints;
        this.previews = previews;
        this.embedRecipe = embedRecipe;
        this.metrics = metrics;
        this.clock = clock;
    }

    /**
     * Draws the video of a job in progress, from where an earlier attempt has left off, and lets its frames be encoded
     * meanwhile. One at a time.
     *
     * @param pipeline of the plan's model
     * @param nearEnd run at most once, on the calling thread
     * @throws AbandonedException when the attempt is not to go on
     * @throws IOException when there is no place for the video
     */
    JobStage.Drawn draw(
            Attempt attempt, JobSnapshot job, JobPlanner.Plan plan, VideoPipeline pipeline, Runnable nearEnd)
            throws IOException {
        GenerationParameters parameters = plan.parameters();
        double pixels = (double) parameters.numFrames() * parameters.height() * parameters.width();
        var countdown = new Countdown(
                parameters.numFrames(), decodingPace * pixels, NEAR_END.toNanos(), nearEnd, System::nanoTime);
        var progress = new ProgressReport(job, attempt, publisher, clock, checkpoints.grace());
        var pace = new StepPace(metrics::step, System::nanoTime);
        StepListener steps = (step, all) -> {
            pace.onStep(step, all);
            attempt.trace().step(step, all);
            progress.onStep(step, all);
            countdown.step(step, all);
        };
        VideoEncoder encoder = new VideoEncoder(parameters.fps(), recipe(job, plan, pipeline));
        FrameSink encoded = chunk -> {
            attempt.requireWanted();
            encoder.accept(chunk);
            progress.onFrames(chunk.count());
        };
        FrameSink finished = plan.drawn().into(encoded);
        FrameSink frames = chunk -> {
            finished.accept(chunk);
            countdown.frames(chunk.count());
        };
        JobCheckpoints.OfAttempt states = checkpoints.of(attempt);
        try (JobPreviews.OfAttempt shown = previews.of(attempt, progress::onPreview)) {
            Generation generation =
                    pipeline.generate(parameters, states.orNone(), progress, steps, shown.orNone(), frames);
            attempt.trace().drawn(clock.instant(), generation);
            decodingPace = generation.decoding().toNanos() / pixels;
            return new JobStage.Drawn(
                    attempt,
                    job,
                    generation,
                    plan.textEncoding().plus(generation.textEncoding()),
                    parameters,
                    encoder,
                    states);
        } catch (Throwable e) {
            encoder.close();
            states.leave();
            throw e;
        }
    }

    private Optional<String> recipe(JobSnapshot job, JobPlanner.Plan plan, VideoPipeline pipeline) {
        return requireNonNullElse(job.parameters().embedRecipe(), embedRecipe)
                        && !plan.drawn().isFromVideo()
                ? VideoRecipe.json(job.model(), job.prompt(), plan.parameters(), pipeline)
                : Optional.empty();
    }

    /**
     * Stores a drawn video as soon as its last frame is encoded.
     *
     * @return the job as completed, which is not true before the archive says so
     * @throws StorageException when the store does not take it
     * @throws io.text2video.worker.video.VideoEncodingException when a frame cannot be encoded
     * @throws IOException when a temporary file cannot be read or removed
     */
    JobSnapshot store(JobStage.Drawn drawn) throws IOException {
        Attempt attempt = drawn.attempt();
        JobSnapshot job = drawn.job();
        Generation generation = drawn.generation();
        try (VideoEncoder encoder = drawn.encoder();
                EncodedVideo video = encoder.finish()) {
            attempt.requireWanted();
            attempt.trace().stage("encode video", clock.instant(), video.encoding());
            long encoded = System.nanoTime();
            attempt.trace().stage("upload", () -> {
                archive.store(attempt, video);
                return null;
            });
            long stored = System.nanoTime();
            StageTimings timings = new StageTimings(
                    seconds(Duration.between(job.createdAt(), job.startedAt())),
                    seconds(drawn.textEncoding()),
                    seconds(generation.denoising()),
                    seconds(generation.decoding()),
                    seconds(video.encoding()),
                    seconds(Duration.ofNanos(stored - encoded)));
            GenerationParameters parameters = drawn.parameters();
            return job.completed(
                    file(attempt, parameters.fps(), video),
                    timings,
                    parameters.cacheThreshold() > 0 ? generation.reusedSteps() : null,
                    clock.instant());
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
