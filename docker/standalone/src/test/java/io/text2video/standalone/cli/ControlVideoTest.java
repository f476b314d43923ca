package io.text2video.standalone.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.text2video.standalone.SampleVideos;
import io.text2video.worker.pipeline.Frames;
import io.text2video.worker.video.InputVideo;
import io.text2video.worker.video.InputVideo.Sampling;
import io.text2video.worker.weights.SafetensorsFile;
import io.text2video.worker.weights.TensorInfo;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From a file on the disk to a video along it, by the command. */
class ControlVideoTest {
    private static final String CONTROL = "../../worker/src/test/resources/reference/control/2b";
    private static final int FRAMES = 11;

    @TempDir
    Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeEach
    void writeVideos() throws IOException {
        write("dark.mp4", 20);
        write("light.mp4", 230);
    }

    @Test
    void shouldDrawAlongTheFile() throws Exception {
        // When
        JsonNode dark = generate("dark.mp4", "first.mp4");
        generate("dark.mp4", "again.mp4");
        generate("light.mp4", "other.mp4");

        // Then it has as many frames as can be drawn of the file's, and no recipe, which could not tell the video
        assertThat(dark.path("num_frames").asInt()).isEqualTo(9);
        assertThat(frames("first.mp4").count()).isEqualTo(9);
        assertThat(frames("first.mp4").rgb())
                .isEqualTo(frames("again.mp4").rgb())
                .isNotEqualTo(frames("other.mp4").rgb());
        out.getBuffer().setLength(0);
        assertThat(run("recipe", directory.resolve("first.mp4").toString())).isEqualTo(1);
    }

    @Test
    void shouldTraceWhatIsDrawnAlongIt() throws Exception {
        Path trace = directory.resolve("trace.safetensors");

        int exit = run(
                "trace",
                "--prompt",
                "a red ball",
                "--model",
                CONTROL,
                "--control-video",
                directory.resolve("dark.mp4").toString(),
                "--height",
                "32",
                "--width",
                "48",
                "--steps",
                "2",
                "--out",
                trace.toString());

        assertThat(exit).as(err.toString()).isZero();
        Map<String, TensorInfo> tensors = SafetensorsFile.read(trace).tensors();
        assertThat(tensors).containsKey("control_latents");
        assertThat(tensors.get("frames").shape()).startsWith(1, 9);
    }

    @Test
    void shouldRefuseAFileForAModelThatTakesNone() {
        int exit = run(
                "generate",
                "x",
                "--direct",
                "--control-video",
                directory.resolve("dark.mp4").toString());

        assertThat(exit).isEqualTo(1);
        assertThat(err.toString())
                .contains("control_video cannot be used: this model draws along no other video")
                .hasLineCount(1);
    }

    @Test
    void shouldRefuseOtherVideosForAControlModel() {
        String file = directory.resolve("dark.mp4").toString();
        for (String option : List.of("--video", "--extend")) {
            err.getBuffer().setLength(0);

            assertThat(run("generate", "x", "--direct", "--model", CONTROL, option, file))
                    .isEqualTo(1);

            assertThat(err.toString())
                    .contains("cannot be used: this model makes a video from a control video and a prompt")
                    .hasLineCount(1);
        }
    }

    private JsonNode generate(String file, String to) throws IOException {
        out.getBuffer().setLength(0);
        int exit = run(
                "generate",
                "a red ball",
                "--direct",
                "--model",
                CONTROL,
                "--control-video",
                directory.resolve(file).toString(),
                "--height",
                "32",
                "--width",
                "48",
                "--steps",
                "2",
                "--seed",
                "1",
                "--json",
                "-o",
                directory.resolve(to).toString());
        assertThat(exit).as(err.toString()).isZero();
        return new ObjectMapper().readTree(out.toString());
    }

    private Frames frames(String file) throws Exception {
        return InputVideo.decode(directory.resolve(file), Sampling.of(8, 100));
    }

    private void write(String name, int grey) throws IOException {
        byte[] rgb = new byte[FRAMES * 3 * 48 * 64];
        Arrays.fill(rgb, (byte) grey);
        SampleVideos.write(directory.resolve(name), new Frames(FRAMES, 48, 64, rgb));
    }

    private int run(String... arguments) {
        return Text2VideoCommand.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }
}
