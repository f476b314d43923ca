package io.text2video.worker.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.text2video.common.event.VideoEvent;
import io.text2video.common.job.AttemptId;
import io.text2video.common.job.JobId;
import io.text2video.common.job.JobSnapshot;
import io.text2video.common.job.VideoReference;
import io.text2video.common.job.VideoReference.Operation;
import io.text2video.common.job.VideoRequest;
import io.text2video.common.model.VideoParameters;
import io.text2video.common.storage.ObjectKeys;
import io.text2video.common.topic.Pool;
import io.text2video.common.topic.Topic;
import io.text2video.worker.Reference;
import io.text2video.worker.pipeline.Frames;
import io.text2video.worker.pipeline.GenerationParameters;
import io.text2video.worker.pipeline.SourceVideo;
import io.text2video.worker.quality.VideoQuality;
import io.text2video.worker.video.BlobFrames;
import io.text2video.worker.video.InputVideo;
import io.text2video.worker.video.InputVideo.Sampling;
import io.text2video.worker.video.MadeVideos;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Videos that are made from other ones, or go on with them, by tiny models. */
class JobFromVideoTest extends JobRunnerFixture {
    private static final int BEFORE = 11;
    private static final int STEPS = 10;

    @TempDir
    Path directory;

    private String key;
    private Path file;

    @BeforeEach
    void storeAVideo() throws IOException {
        key = "inputs/%s.mp4".formatted(id);
        byte[] mp4 = MadeVideos.mp4(BlobFrames.draw(BEFORE, 48, 96), 8);
        fleet.store.putIfAbsent(key, mp4, "video/mp4");
        file = Files.write(directory.resolve("before.mp4"), mp4);
    }

    @Test
    void shouldDrawWhatThePipelineMakesOfTheVideo() throws Exception {
        try (var tiny = new RecordedPipeline()) {
            // When
            Outcome outcome = run(tiny, edit());

            // Then of ten steps six are taken, and of its eleven frames nine are drawn
            assertThat(outcome).isEqualTo(Outcome.COMPLETED);
            Frames source = decode(file, 64, 64).first(9);
            GenerationParameters call = tiny.parameters.startingFrom(new SourceVideo(source, 0.6));
            assertThat(tiny.frames).isEqualTo(tiny.drawnAtOnce(call));
            assertThat(tiny.steps).containsExactly(1, 2, 3, 4, 5, 6);
            assertThat(completed(id).parameters().numFrames()).isEqualTo(9);
            assertThat(completed(id).video().numFrames()).isEqualTo(9);
        }
    }

    @Test
    void shouldDrawAlongAControlVideo() throws Exception {
        try (var control = new RecordedPipeline(Reference.checkpoint("control/2b"))) {
            // When
            var video = new VideoReference(key, Operation.CONTROL, null);
            Outcome outcome = run(control, request(id, 9, video));

            // Then
            assertThat(outcome).isEqualTo(Outcome.COMPLETED);
            GenerationParameters drawn = control.parameters;
            Frames along = decode(file, drawn.height(), drawn.width()).first(9);
            assertThat(drawn.control().rgb()).isEqualTo(along.rgb());
            assertThat(control.frames).isEqualTo(control.drawnAtOnce(drawn.along(along)));
            assertThat(control.steps).hasSize(STEPS);
            assertThat(completed(id).video().numFrames()).isEqualTo(9);
        }
    }

    @Test
    void shouldShowTheVideoAndThenWhatIsDrawnFromItsLastFrameOn() throws Exception {
        try (var animator = animator()) {
            // When 20 frames are asked for
            Outcome outcome = run(animator, extension(id, 20));

            // Then nine are drawn after the video's eleven, one of which shows its last
            assertThat(outcome).isEqualTo(Outcome.COMPLETED);
            Frames before = decode(file, 64, 80);
            assertThat(animator.parameters.numFrames()).isEqualTo(9);
            assertThat(animator.parameters.image().rgb())
                    .isEqualTo(before.rgb(BEFORE - 1).rgb());
            Frames all = decode(video(id), 64, 80);
            assertThat(all.count()).isEqualTo(19);
            assertThat(VideoQuality.of(before, all.first(BEFORE)).psnr()).isGreaterThan(30);
            JobSnapshot completed = completed(id);
            assertThat(completed.parameters().numFrames()).isEqualTo(19);
            assertThat(completed.video().numFrames()).isEqualTo(19);
            assertThat(completed.video().durationSeconds()).isEqualTo(19 / 8.0);
            assertThat(states())
                    .allSatisfy(job -> assertThat(job.inputVideo().extend()).isTrue());

            // And the last that is told of frames is that all are there
            List<Integer> decoded = fleet.messages(Topic.EVENTS, id, VideoEvent.class).stream()
                    .map(VideoEvent::decodedFrames)
                    .filter(Objects::nonNull)
                    .toList();
            assertThat(decoded).isSorted().last().isEqualTo(19);
            assertThat(decoded.get(0)).isGreaterThanOrEqualTo(BEFORE);
        }
    }

    @Test
    void shouldComeToTheSameFileAfterAnInterruption() throws Exception {
        try (var first = animator();
                var second = animator()) {
            // Given a worker that stops amid an extension
            first.atStep = step -> {
                if (step == 7) {
                    stop.send();
                }
            };
            assertThat(run(first, extension(id, null))).isEqualTo(Outcome.RELEASED);

            // When another one goes on, and the same video is drawn at once as another job
            JobId other = JobId.next();
            Outcome resumed = runner(second, new StopSignal()).run(TestDelivery.of(extension(id, null)));
            List<Integer> steps = List.copyOf(second.steps);
            Outcome whole = runner(second, new StopSignal()).run(TestDelivery.of(extension(other, null)));

            // Then
            assertThat(resumed).isEqualTo(Outcome.COMPLETED);
            assertThat(whole).isEqualTo(Outcome.COMPLETED);
            assertThat(steps).startsWith(7).hasSize(1 + STEPS - 7);
            assertThat(second.steps).hasSize(STEPS);
            assertThat(completed(id).video().numFrames()).isEqualTo(BEFORE + 17 - 1);
            assertThat(video(id)).hasSameBinaryContentAs(video(other));
        }
    }

    private static RecordedPipeline animator() throws IOException {
        return new RecordedPipeline(Reference.checkpoint("i2v"));
    }

    private Outcome run(RecordedPipeline pipeline, VideoRequest request) throws IOException {
        return runner(pipeline, stop).run(TestDelivery.of(request));
    }

    private JobRunner runner(RecordedPipeline pipeline, StopSignal signal) throws IOException {
        return runner(Pool.DEFAULT, fleet.store, signal, pipeline.shelf());
    }

    private VideoRequest edit() {
        return request(id, null, new VideoReference(key, null, 0.6));
    }

    private VideoRequest extension(JobId job, Integer frames) {
        return request(job, frames, new VideoReference(key, Operation.EXTEND, null));
    }

    private static VideoRequest request(JobId job, Integer frames, VideoReference video) {
        var parameters =
                new VideoParameters(null, STEPS, null, null, null, null, null, null, frames, null, 7L, null, null);
        return new VideoRequest(VideoRequest.VERSION, job, null, "a ball", parameters, null, null, null)
                .startingFrom(video);
    }

    private JobSnapshot completed(JobId job) throws Exception {
        List<JobSnapshot> states = fleet.messages(Topic.JOBS, job, JobSnapshot.class);
        return states.get(states.size() - 1);
    }

    private Path video(JobId job) throws Exception {
        AttemptId attempt = completed(job).attemptId();
        Path mp4 = directory.resolve(job + ".mp4");
        return Files.write(mp4, fleet.store.read(ObjectKeys.video(job, attempt)).orElseThrow());
    }

    private static Frames decode(Path video, int height, int width) throws Exception {
        return InputVideo.decode(
                video, new Sampling(8, InputVideo.MAX_FRAMES, frame -> frame.resized(height, width), () -> {}));
    }
}
