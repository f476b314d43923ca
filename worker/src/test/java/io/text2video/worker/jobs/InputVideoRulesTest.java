package io.text2video.worker.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.text2video.common.job.InputReference;
import io.text2video.common.job.JobId;
import io.text2video.common.job.VideoReference;
import io.text2video.common.job.VideoReference.Operation;
import io.text2video.common.job.VideoRequest;
import io.text2video.common.model.GenerationSize;
import io.text2video.common.model.GenerationTooLargeException;
import io.text2video.common.model.InvalidGenerationException;
import io.text2video.common.model.VideoParameters;
import io.text2video.worker.pipeline.Frames;
import io.text2video.worker.pipeline.GenerationParameters;
import io.text2video.worker.pipeline.ModelDescription;
import io.text2video.worker.pipeline.VideoStart;
import io.text2video.worker.video.BlobFrames;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InputVideoRulesTest {
    private static final String KEY = "inputs/ball.mp4";

    @ParameterizedTest
    @CsvSource({"9, 12, 9", ", 12, 9", ", 7, 5", ", 2, 1"})
    void shouldMakeAVideoFromWhatTheFileHas(Integer asked, int has, int drawn) {
        // Given
        VideoStart start = start(edit(0.6, asked), BlobPipeline.FROM_PROMPT);
        assertThat(start.mostFrames()).isEqualTo(9);

        // When
        Frames file = frames(has);
        VideoStart.Drawn video = start.of(file);
        GenerationParameters parameters = video.parameters();

        // Then
        assertThat(video.before()).isNull();
        assertThat(parameters.numFrames()).isEqualTo(drawn);
        assertThat(parameters.video().strength()).isEqualTo(0.6);
        assertThat(parameters.video().frames().rgb())
                .isEqualTo(file.first(drawn).rgb());
        assertThat(parameters.image()).isNull();
    }

    @Test
    void shouldDrawAlongWhatTheFileHas() {
        Frames file = frames(7);

        GenerationParameters parameters =
                start(control(null), BlobPipeline.ALONG_A_VIDEO).of(file).parameters();

        assertThat(parameters.numFrames()).isEqualTo(5);
        assertThat(parameters.control().rgb()).isEqualTo(file.first(5).rgb());
        assertThat(parameters.video()).isNull();
        assertThat(parameters.numInferenceSteps()).isEqualTo(4);
    }

    @ParameterizedTest
    @CsvSource({"20, 12, 9", "13, 12, 5", "44, 12, 33", ", 12, 9"})
    void shouldGoOnFromTheLastFrame(Integer total, int has, int drawn) {
        // Given
        VideoStart start = start(extension(total), BlobPipeline.FROM_IMAGE);

        // When
        Frames file = frames(has);
        VideoStart.Drawn video = start.of(file);
        GenerationParameters parameters = video.parameters();

        // Then
        assertThat(video.before()).isSameAs(file);
        assertThat(parameters.numFrames()).isEqualTo(drawn);
        assertThat(parameters.image().rgb()).isEqualTo(file.rgb(has - 1).rgb());
        assertThat(parameters.video()).isNull();
    }

    @Test
    void shouldReckonWithTheLeastThatMayBeDrawn() {
        assertThat(least(edit(0.5, 9), BlobPipeline.FROM_PROMPT).numFrames()).isEqualTo(9);
        assertThat(least(edit(0.5, null), BlobPipeline.FROM_PROMPT).numFrames()).isEqualTo(1);
        assertThat(least(edit(0.5, null), BlobPipeline.FROM_PROMPT).numInferenceSteps())
                .isEqualTo(2);
        assertThat(least(extension(100), BlobPipeline.FROM_IMAGE).numFrames()).isEqualTo(5);
        assertThat(least(extension(null), BlobPipeline.FROM_IMAGE).numFrames()).isEqualTo(9);
        assertThat(least(extension(null), BlobPipeline.FROM_IMAGE).numInferenceSteps())
                .isEqualTo(4);
    }

    @Test
    void shouldRefuseWhatNoFileCouldMend() {
        var both = edit(null, null).startingFrom(new InputReference("inputs/ball.png"));
        var strongExtension = request(null, new VideoReference(KEY, Operation.EXTEND, 0.5));

        assertRefused(() -> start(both, BlobPipeline.FROM_PROMPT), "input_video", "exclude each other");
        assertRefused(
                () -> start(edit(null, null), BlobPipeline.FROM_IMAGE),
                "input_video",
                "input_video cannot be edited: this model makes a video from an image and a prompt");
        assertRefused(
                () -> start(extension(null), BlobPipeline.FROM_PROMPT),
                "input_video",
                "this model makes a video from a prompt alone; an image-to-video model goes on with one");
        assertRefused(
                () -> start(strongExtension, BlobPipeline.FROM_IMAGE),
                "input_video.strength",
                "input_video.strength is 0.5, but an extension has none");
        assertRefused(
                () -> start(edit(0.2, null), BlobPipeline.FROM_PROMPT),
                "input_video.strength",
                "input_video.strength is 0.2, which leaves none of 4 steps; the least that leaves one is 0.2500");
        assertRefused(
                () -> start(control(null), BlobPipeline.FROM_PROMPT),
                "input_video",
                "input_video cannot be a control video: this model draws along no other video");
        assertRefused(
                () -> start(control(0.5), BlobPipeline.ALONG_A_VIDEO),
                "input_video.strength",
                "input_video.strength is 0.5, but a control video has none");
        assertRefused(
                () -> start(edit(null, null), BlobPipeline.ALONG_A_VIDEO),
                "input_video",
                "input_video cannot be edited: this model draws along a control video");
        assertRefused(
                () -> start(extension(null), BlobPipeline.ALONG_A_VIDEO),
                "input_video",
                "input_video cannot be extended");
        assertRefused(() -> start(edit(null, 8), BlobPipeline.FROM_PROMPT), "num_frames", "num_frames is 8");
        assertRefused(() -> start(extension(1), BlobPipeline.FROM_IMAGE), "num_frames", "ask for more");
        assertThatCode(() -> start(extension(1024), BlobPipeline.FROM_IMAGE)).doesNotThrowAnyException();
    }

    @Test
    void shouldRefuseWhatTheFileIsTooShortOrTooLongFor() {
        assertRefused(
                () -> start(edit(null, 9), BlobPipeline.FROM_PROMPT).of(frames(8)),
                "num_frames",
                "num_frames is 9, but the video has 8 frames at 8 a second; 5 would fit");
        assertRefused(
                () -> start(extension(12), BlobPipeline.FROM_IMAGE).of(frames(12)),
                "num_frames",
                "num_frames is 12, but the video already has 12 frames at 8 a second; ask for more");
        assertRefused(
                () -> start(extension(null), BlobPipeline.FROM_IMAGE).of(frames(1020)),
                "num_frames",
                "num_frames would be 1028, but must be at most 1024: the video has 1020 frames at 8 a second, and 9 are");
        assertRefused(
                () -> start(extension(null), BlobPipeline.FROM_IMAGE).of(frames(1024)),
                "num_frames",
                "num_frames would be 1032, but must be at most 1024: the video has 1024 or more frames at 8 a second");
    }

    @Test
    void shouldHoldTheLimitsAgainstWhatIsDrawn() {
        VideoStart start = start(extension(49), BlobPipeline.FROM_IMAGE);

        assertThatThrownBy(() -> start.of(frames(12)))
                .isInstanceOfSatisfying(GenerationTooLargeException.class, refusal -> assertThat(refusal.field())
                        .isEqualTo("num_frames"))
                .hasMessageStartingWith("the video has 12 frames at 8 a second, and 37 are drawn from its last on:"
                        + " num_frames is 37, but must be");
    }

    private static void assertRefused(ThrowingCallable call, String field, String message) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(InvalidGenerationException.class, refusal -> assertThat(refusal.field())
                        .isEqualTo(field))
                .hasMessageContaining(message);
    }

    /** As a planner comes to it, once the request is checked. */
    private static VideoStart start(VideoRequest request, ModelDescription model) {
        GenerationParameters parameters = ModelRequest.resolve(request, model, Map.of());
        return ModelRequest.start(request, parameters, model.limits()).orElseThrow();
    }

    private static GenerationSize least(VideoRequest request, ModelDescription model) {
        GenerationParameters parameters = ModelRequest.resolve(request, model, Map.of());
        return ModelRequest.least(request, parameters, model.limits());
    }

    private static VideoRequest edit(Double strength, Integer frames) {
        return request(frames, new VideoReference(KEY, Operation.EDIT, strength));
    }

    private static VideoRequest control(Double strength) {
        return request(null, new VideoReference(KEY, Operation.CONTROL, strength));
    }

    private static VideoRequest extension(Integer frames) {
        return request(frames, new VideoReference(KEY, Operation.EXTEND, null));
    }

    private static VideoRequest request(Integer frames, VideoReference video) {
        var parameters =
                new VideoParameters(null, null, null, null, null, null, 16, 16, frames, null, null, null, null);
        return new VideoRequest(VideoRequest.VERSION, JobId.next(), null, "a ball", parameters, null, null, null)
                .startingFrom(video);
    }

    private static Frames frames(int count) {
        return BlobFrames.draw(count, 16, 16);
    }
}
