package io.text2video.standalone.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.text2video.standalone.StandaloneFleetResource;
import io.text2video.standalone.client.GatewayClient;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands that speak to a running fleet. */
@Tag("slow")
@QuarkusTest
@QuarkusTestResource(StandaloneFleetResource.class)
class JobCommandsTest {
    @TestHTTPResource("/")
    URI gateway;

    @TempDir
    Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter errors = new StringWriter();

    @Test
    void shouldFollowAJobFromItsAcceptanceToItsRemoval() throws Exception {
        // Given a job whose prompt would move the cursor of a terminal
        String id = submit("a red ball\u001b[2J moving left");

        // Then it is followed to its end
        assertThat(execute("watch", id)).as(errors.toString()).isZero();
        assertThat(out.toString()).contains("status   completed", "frames   17", "a red ball\\u001b[2J moving left");

        // And listed, among others
        assertThat(execute("list", "--limit", "100")).isZero();
        assertThat(out.toString().lines().filter(line -> line.startsWith(id)))
                .singleElement()
                .asString()
                .contains("completed", "cogvideox-tiny", "a red ball\\u001b[2J moving left");

        // And its state is had as JSON
        assertThat(execute("status", id, "--json")).isZero();
        assertThat(new ObjectMapper().readTree(out.toString()).path("id").asText())
                .isEqualTo(id);

        // And its video is had, but over no other file
        Path file = directory.resolve("ball.mp4");
        assertThat(execute("get", id, "-o", file.toString())).isZero();
        assertThat(out.toString()).isEqualTo(file + System.lineSeparator());
        byte[] video = Files.readAllBytes(file);
        assertThat(new String(video, 4, 4, StandardCharsets.US_ASCII)).isEqualTo("ftyp");
        assertThat(execute("get", id, "-o", file.toString())).isEqualTo(2);
        assertThat(execute("get", id, "-o", file.toString(), "--force")).isZero();
        assertThat(file).hasBinaryContent(video);

        // And it is removed
        assertThat(execute("rm", id)).isZero();
        assertThat(execute("status", id)).isEqualTo(1);
        assertThat(errors.toString())
                .startsWith("text2video: there is no video")
                .hasLineCount(1);
    }

    @Test
    void shouldRemoveAJobThatHasNotEnded() throws Exception {
        String id = new GatewayClient(gateway)
                .create(Map.of("prompt", "a ball", "num_inference_steps", 1000))
                .path("id")
                .asText();

        assertThat(execute("rm", id)).as(errors.toString()).isZero();

        assertThat(out.toString()).isEqualTo("removed " + id + System.lineSeparator());
        assertThat(execute("status", id)).isEqualTo(1);
    }

    @Test
    void shouldDrawAVideoForEachLineOfAFileAndKeepThoseThatAreThere() throws Exception {
        // Given a file of requests
        Path file = promptsOf("{\"prompt\":\"a red ball\",\"seed\":7}", "{\"prompt\":\"a blue ball\"}");
        Path videos = directory.resolve("prompts");
        String[] command = {"generate", "--file", file.toString(), "-o", videos.toString(), "--steps", "1"};

        // When it is drawn
        assertThat(execute(command)).as(errors.toString()).isZero();

        // Then there is a video for each line
        assertThat(out.toString()).contains("00001.mp4: 64x64", "seed 7", "00002.mp4: 64x64");
        assertThat(videos).isDirectoryNotContaining("glob:**/.*");
        assertThat(videos).isDirectoryContaining("glob:**/00001.mp4").isDirectoryContaining("glob:**/00002.mp4");

        // And run again, it draws what is not there alone
        Files.writeString(videos.resolve("00001.mp4"), "mine");
        Files.delete(videos.resolve("00002.mp4"));
        assertThat(execute(command)).as(errors.toString()).isZero();
        assertThat(out.toString()).contains("00002.mp4").doesNotContain("00001.mp4");
        assertThat(videos.resolve("00001.mp4")).hasContent("mine");
    }

    @Test
    void shouldGoOnWithTheBatchOfAnEarlierRun() throws Exception {
        // Given a run that was killed when it had asked for its videos
        var client = new GatewayClient(gateway);
        String prompt = "a ball of " + directory.getFileName();
        ObjectNode request = new ObjectMapper().createObjectNode().put("prompt", prompt);
        Path file = promptsOf(request.toString());
        String batch =
                client.createBatch(new TreeMap<>(Map.of(1, request))).path("id").asText();
        Path videos = Files.createDirectories(directory.resolve("videos"));
        Files.writeString(
                videos.resolve(".batch.json"), "{\"id\":\"%s\",\"requests\":{\"1\":%s}}".formatted(batch, request));

        // When it is run again
        assertThat(execute("generate", "--file", file.toString(), "-o", videos.toString()))
                .as(errors.toString())
                .isZero();

        // Then it has fetched what was asked for then
        assertThat(videos.resolve("00001.mp4")).isNotEmptyFile();
        assertThat(client.list(100, null).path("data"))
                .filteredOn(video -> video.path("prompt").asText().equals(prompt))
                .hasSize(1);
    }

    @Test
    void shouldSayWhichLinesOfAFileAreWrong() throws Exception {
        Path file =
                promptsOf("{\"prompt\":\"a ball\"}", "{\"prompt\":\"a ball\",\"fps\":500}", "{\"promt\":\"a ball\"}");

        assertThat(execute("generate", "--file", file.toString(), "-o", directory.toString()))
                .isEqualTo(1);
        assertThat(errors.toString())
                .contains("2 lines are wrong", "line 2: fps", "line 3: promt")
                .hasLineCount(1);

        Files.writeString(file, "a red ball");
        assertThat(execute("generate", "--file", file.toString(), "-o", directory.toString()))
                .isEqualTo(1);
        assertThat(errors.toString()).contains(file + ", line 1: ").hasLineCount(1);
    }

    private Path promptsOf(String... lines) throws IOException {
        return Files.write(directory.resolve("prompts.jsonl"), List.of(lines));
    }

    @Test
    void shouldMakeAVideoFromAFileOfTheMostBytes() throws Exception {
        // Given a file that MP4's own padding makes as large as is taken
        Path file = directory.resolve("large.mp4");
        assertThat(execute("generate", "a ball", "--steps", "1", "-o", file.toString()))
                .as(errors.toString())
                .isZero();
        int padding = (32 << 20) - Math.toIntExact(Files.size(file));
        byte[] box = ByteBuffer.allocate(padding)
                .putInt(padding)
                .put("free".getBytes(StandardCharsets.US_ASCII))
                .array();
        Files.write(file, box, StandardOpenOption.APPEND);

        // When
        Path made = directory.resolve("made.mp4");
        String[] command = {
            "generate",
            "a red ball, \"rolling\" – on",
            "--video",
            file.toString(),
            "--strength",
            "0.5",
            "--steps",
            "2",
            "--timesteps",
            "999,499",
            "--json",
            "-o",
            made.toString()
        };
        assertThat(execute(command)).as(errors.toString()).isZero();

        // Then
        JsonNode video = new ObjectMapper().readTree(out.toString());
        assertThat(video.path("status").asText()).isEqualTo("completed");
        assertThat(video.path("prompt").asText()).isEqualTo("a red ball, \"rolling\" – on");
        assertThat(video.path("strength").asDouble()).isEqualTo(0.5);
        assertThat(video.path("timesteps")).hasSize(2);
        assertThat(made).isNotEmptyFile();

        // And the gateway says what its model cannot do
        Files.delete(made);
        assertThat(execute("generate", "x", "--extend", file.toString(), "-o", made.toString()))
                .isEqualTo(1);
        assertThat(errors.toString())
                .startsWith("text2video: video cannot be gone on with: this model makes a video from a prompt alone")
                .hasLineCount(1);
    }

    @Test
    void shouldTellOfTheModels() throws Exception {
        submit("a ball");

        assertThat(execute("models")).isZero();
        assertThat(out.toString()).contains("cogvideox-tiny", "64x64", "17", "preferred");
        assertThat(execute("lora", "list")).isZero();
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void shouldSayWhatAModelTakesOnItsWorkers() throws Exception {
        submit("a ball");
        String tiny = Text2VideoCommand.embeddedModel().toString();

        assertThat(execute("info", tiny)).as(errors.toString()).isZero();
        assertThat(out.toString())
                .contains("of the fleet at " + gateway, "16,384 pixels a frame, 65 frames")
                .containsPattern("takes +\\d+\\.\\d s for 25 steps of 17 frames of 64x64, by estimate");
        assertThat(execute("plan", "--model", tiny, "--frames", "33", "--json"))
                .as(errors.toString())
                .isZero();
        JsonNode job = new ObjectMapper().readTree(out.toString()).path("job");
        assertThat(job.path("estimated_seconds").asDouble()).isPositive();
        assertThat(job.at("/cost/token_seconds").asDouble()).isPositive();

        String other = "../../worker/src/test/resources/reference/2b";
        assertThat(execute("info", other)).isEqualTo(1);
        assertThat(errors.toString())
                .contains("has no model 2b; it has [cogvideox-tiny]")
                .hasLineCount(1);
    }

    @Test
    void shouldShowTheStagesOfAJobToItsEnd() throws Exception {
        var client = new GatewayClient(gateway);
        var shown = new ByteArrayOutputStream();
        try (var stages = new StageDisplay(false, new PrintStream(shown, true, StandardCharsets.UTF_8))) {
            // The largest that the model draws: each stage lasts for many looks.
            new JobWatch(client, stages)
                    .untilEnded(client.create(Map.of(
                            "prompt",
                            "a ball",
                            "num_inference_steps",
                            50,
                            "num_frames",
                            65,
                            "height",
                            128,
                            "width",
                            128)));
            stages.finish();
        }

        assertThat(shown.toString(StandardCharsets.UTF_8).lines().map(line -> line.split(" ")[1]))
                .containsSubsequence("steps", "decode", "encode")
                .last()
                .isEqualTo("encode");
    }

    @Test
    void shouldKnowNoJobByAnOddId() {
        assertThat(execute("status", "../models?x=%2F ")).isEqualTo(1);

        assertThat(errors.toString()).startsWith("text2video: ").hasLineCount(1);
    }

    @Test
    void shouldTellAShellHowToComplete() {
        assertThat(execute("generate-completion")).isZero();

        assertThat(out.toString()).contains("complete -F _complete_text2video", "generate", "--negative-prompt");
    }

    /** A worker has announced its model once a job of one step is done. */
    private String submit(String prompt) throws IOException, InterruptedException {
        var client = new GatewayClient(gateway);
        var submitted = client.create(Map.of("prompt", prompt, "num_inference_steps", 1));
        try (var stages = new StageDisplay()) {
            new JobWatch(client, stages).untilEnded(submitted);
        }
        return submitted.path("id").asText();
    }

    private int execute(String... arguments) {
        out.getBuffer().setLength(0);
        errors.getBuffer().setLength(0);
        boolean asks = !arguments[0].equals("generate-completion");
        String[] all = asks ? withGateway(arguments) : arguments;
        return Text2VideoCommand.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(errors, true))
                .execute(all);
    }

    private String[] withGateway(String... arguments) {
        String[] all = Arrays.copyOf(arguments, arguments.length + 2);
        all[arguments.length] = "--gateway";
        all[arguments.length + 1] = gateway.toString();
        return all;
    }
}
