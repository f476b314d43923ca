package io.text2video.standalone.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.text2video.common.model.ModelDefaults;
import io.text2video.common.model.ModelLimits;
import io.text2video.standalone.SampleVideos;
import io.text2video.worker.pipeline.Frames;
import io.text2video.worker.pipeline.GenerationParameters;
import io.text2video.worker.pipeline.ModelDescription;
import io.text2video.worker.pipeline.SourceVideo;
import io.text2video.worker.pipeline.VideoStart;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VideoFileOptionsTest {
    private static final int FRAMES = 11;

    @TempDir
    Path directory;

    private final VideoFileOptions options = new VideoFileOptions();

    @BeforeEach
    void writeAVideo() throws IOException {
        options.source = directory.resolve("source.mp4");
        SampleVideos.write(options.source, new Frames(FRAMES, 48, 64, new byte[FRAMES * 3 * 48 * 64]));
    }

    @ParameterizedTest
    @CsvSource({"5, true, 5", "9, true, 9", "5, false, 5", "17, false, 9"})
    void shouldTakeWhatTheFileHas(int asked, boolean exactly, int taken) throws IOException {
        // When
        GenerationParameters parameters = start(asked, exactly).parameters();
        SourceVideo video = parameters.video();

        // Then
        assertThat(video.strength()).isEqualTo(0.8);
        assertThat(video.frames().count()).isEqualTo(taken);
        assertThat(video.frames().height()).isEqualTo(32);
        assertThat(video.frames().width()).isEqualTo(80);
        assertThat(parameters.numFrames()).isEqualTo(taken);
    }

    @Test
    void shouldSayHowManyFramesWouldFit() {
        assertThatThrownBy(() -> start(17, true))
                .hasMessage("num_frames is 17, but the video has 11 frames at 8 a second; 9 would fit");
    }

    @Test
    void shouldRefuseBeforeAModelIsLoaded() {
        // Given
        ModelDescription fromText = model("CogVideoXPipeline", false);
        ModelDescription fromImages = model("CogVideoXImageToVideoPipeline", true);

        // When, Then
        assertThatCode(() -> options.requireServed(fromText, false)).doesNotThrowAnyException();
        assertThatThrownBy(() -> options.requireServed(fromImages, false))
                .hasMessageStartingWith("video cannot be used");
        assertThatCode(() -> options.requireStrength(2)).doesNotThrowAnyException();
        assertThatThrownBy(() -> options.requireStrength(1))
                .hasMessage("strength is 0.8, which leaves none of 1 steps; the least that leaves one is 1.0000");
        options.strength = 1.5;
        assertThatThrownBy(() -> options.requireStrength(2)).hasMessage("strength is 1.5, but must be above 0, to 1");
        options.source = null;
        assertThatCode(() -> options.requireServed(fromImages, false)).doesNotThrowAnyException();
    }

    @Test
    void shouldGoOnWithAVideoWhereTheModelStartsFromAnImage() {
        options.extended = options.source;
        options.source = null;

        assertThatCode(() -> options.requireServed(model("CogVideoXImageToVideoPipeline", true), false))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> options.requireServed(model("CogVideoXPipeline", false), false))
                .hasMessageStartingWith("video cannot be gone on with");
    }

    @ParameterizedTest
    @CsvSource({"17, true, 9", "15, true, 5", "20, true, 9", "9, false, 9"})
    void shouldDrawWhatIsMissingOfTheWhole(int asked, boolean exactly, int drawn) throws IOException {
        options.extended = options.source;
        options.source = null;

        VideoStart.Drawn extension = start(asked, exactly);

        assertThat(extension.parameters().numFrames()).isEqualTo(drawn);
        assertThat(extension.parameters().image()).isNotNull();
        assertThat(extension.before().count()).isEqualTo(FRAMES);
    }

    @Test
    void shouldRefuseAWholeThatIsThereAlready() {
        options.extended = options.source;
        options.source = null;

        assertThatThrownBy(() -> start(9, true))
                .hasMessage("num_frames is 9, but the video already has 11 frames at 8 a second; ask for more");
    }

    @Test
    void shouldReckonWithTheFewestFrames() {
        // Given
        ModelDescription model = model("CogVideoXPipeline", false);

        // When, Then of a video from the file's, which may have one
        assertThat(options.leastFrames(null, model)).isEqualTo(1);
        assertThat(options.leastFrames(17, model)).isEqualTo(17);

        // And of one that goes on with it, which may be as long as it is asked to be
        options.extended = options.source;
        options.source = null;
        assertThat(options.leastFrames(null, model)).isEqualTo(49);
        assertThat(options.leastFrames(1000, model)).isEqualTo(5);

        // And of one along it
        options.control = options.extended;
        options.extended = null;
        assertThat(options.leastFrames(null, model)).isEqualTo(1);

        // And of any other
        options.control = null;
        assertThat(options.leastFrames(null, model)).isEqualTo(49);
        assertThat(options.leastFrames(17, model)).isEqualTo(17);
    }

    @Test
    void shouldTakeAControlVideoAsFarAsTheFileGoes() throws IOException {
        options.control = options.source;
        options.source = null;

        Frames frames = start(17, false).parameters().control();

        assertThat(frames.count()).isEqualTo(9);
        assertThat(frames.height()).isEqualTo(32);
        assertThat(frames.width()).isEqualTo(80);
        assertThatThrownBy(() -> start(17, true))
                .hasMessage("num_frames is 17, but the video has 11 frames at 8 a second; 9 would fit");
    }

    @Test
    void shouldTakeAControlVideoWhereTheModelNeedsOne() {
        // Given
        ModelDescription plain = model("CogVideoXPipeline", false);
        ModelDescription control = model("CogVideoXFunControlPipeline", false);
        options.control = options.source;
        options.source = null;

        // When, Then
        assertThatCode(() -> options.requireServed(control, false)).doesNotThrowAnyException();
        assertThatThrownBy(() -> options.requireServed(plain, false))
                .hasMessageStartingWith("control_video cannot be used: this model draws along no other video");
        options.control = null;
        assertThatCode(() -> options.requireServed(plain, false)).doesNotThrowAnyException();
        assertThatThrownBy(() -> options.requireServed(control, false))
                .hasMessageStartingWith("control_video is missing");
        assertThatThrownBy(() -> options.requireServed(control, true))
                .hasMessageStartingWith("input_reference cannot be used");
    }

    private VideoStart.Drawn start(int frames, boolean exactly) throws IOException {
        return options.start(
                call(frames), exactly, model("CogVideoXPipeline", false).limits());
    }

    private static ModelDescription model(String pipeline, boolean image) {
        return new ModelDescription(
                pipeline,
                new ModelDefaults(50, 6, false, 64, 64, 49, 8),
                new ModelLimits(16, 16, 80, 16, 80, 0, 4, 49, 1000, image, null, null, pipeline.contains("Control")));
    }

    private static GenerationParameters call(int frames) {
        return new GenerationParameters("a ball", "", 2, 1, false, 0, 32, 80, frames, 8, 0, List.of(), null);
    }
}
