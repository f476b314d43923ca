package io.text2video.standalone;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.text2video.worker.weights.SafetensorsFile;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The command line as its users meet it: the launcher, the packaged programs, exit codes, what is left behind. */
class CommandLineIT {
    /** The largest video that the model draws: under way for long on a fast machine too, and not refused by a slow one. */
    private static final String[] LONG = {"--steps", "300", "--frames", "65", "--height", "128", "--width", "128"};

    @TempDir
    Path directory;

    /** Temporary files of everything a test starts go here, so that it can look for what is left. */
    private Map<String, String> environment;

    private Path temporary;

    @BeforeEach
    void isolate() throws IOException {
        temporary = Files.createDirectory(directory.resolve("tmp"));
        String options = Objects.requireNonNullElse(System.getenv("TEXT2VIDEO_JAVA_OPTS"), "");
        environment = Map.of("TEXT2VIDEO_JAVA_OPTS", options + " -Djava.io.tmpdir=" + temporary);
    }

    @Test
    void shouldDrawTheReadmesFirstVideo() throws Exception {
        Path ball = directory.resolve("ball.mp4");

        try (var generate = Launched.start(
                environment,
                "generate",
                "a red ball moving left on a black background",
                "-o",
                ball.toString(),
                "--seed",
                "1")) {
            assertThat(generate.exitCode()).as(generate.err()).isZero();
            assertThat(generate.out())
                    .startsWith(ball.toString())
                    .contains("64x64, 17 frames at 8 fps", "seed 1", "denoising", "decoding", "upload");
            assertThat(generate.err().lines())
                    .as("without a terminal, a line a stage")
                    .allMatch(line -> line.matches("text2video: [a-z]+ \\d+\\.\\d s"))
                    .extracting(line -> line.split(" ")[1])
                    .containsSubsequence("engine", "broker", "gateway", "model", "queue");
        }

        var sentence = new Sentence(
                Sentence.Paint.RED, Sentence.Shape.BALL, Sentence.Direction.LEFT, Sentence.Background.BLACK);
        VideoAssertions.assertShows(DecodedVideo.read(ball), sentence);
        assertThat(left()).isEmpty();
    }

    @Test
    void shouldDrawTheSameVideoWithoutTheFleet() throws Exception {
        Path file = directory.resolve("direct.mp4");

        try (var direct = Launched.start(
                environment, "generate", "a blue ball", "--direct", "--steps", "2", "--json", "-o", file.toString())) {
            assertThat(direct.exitCode()).as(direct.err()).isZero();
            JsonNode result = new ObjectMapper().readTree(direct.out());
            assertThat(result.path("file").asText()).isEqualTo(file.toString());
            assertThat(result.path("num_inference_steps").asInt()).isEqualTo(2);
            assertThat(result.at("/timings/denoising").asDouble()).isPositive();
        }

        assertThat(DecodedVideo.read(file).frames()).hasSize(17);
        assertThat(left()).isEmpty();
    }

    @Test
    void shouldServeAcrossRestartsAndLeaveAtCtrlC() throws Exception {
        // Given a fleet with a video in it
        Path data = directory.resolve("data");
        String[] serve = {"serve", "--port", "0", "--kafka-port", "0", "--s3-port", "0", "--data", data.toString()};
        String id;
        try (var fleet = Launched.start(environment, serve)) {
            String gateway = fleet.awaitGateway();
            Path file = directory.resolve("first.mp4");
            try (var generate = Launched.start(
                    environment,
                    "generate",
                    "a ball",
                    "--gateway",
                    gateway,
                    "--steps",
                    "1",
                    "--json",
                    "-o",
                    file.toString())) {
                assertThat(generate.exitCode()).as(generate.err()).isZero();
                id = new ObjectMapper().readTree(generate.out()).path("id").asText();
            }

            // When it is interrupted
            fleet.interrupt();

            // Then it leaves
            fleet.exitCode();
            assertThat(left()).isEmpty();
        }

        // And the next one on the same data has the job and its video
        try (var fleet = Launched.start(environment, serve)) {
            URI videos = URI.create(fleet.awaitGateway() + "/v1/videos/" + id);
            assertThat(get(videos).body()).contains("\"completed\"");
            assertThat(get(URI.create(videos + "/content")).statusCode()).isEqualTo(200);

            // And it answers to this machine's names, and to no page but its own
            String own = videos.getAuthority();
            assertThat(status(videos, own, "Origin: http://" + own)).isEqualTo("200");
            assertThat(status(videos, "localhost.:" + videos.getPort(), "Sec-Fetch-Site: none"))
                    .isEqualTo("200");
            assertThat(status(videos, "evil.example:" + videos.getPort(), "Origin: http://evil.example"))
                    .isEqualTo("421");
            assertThat(status(videos, "localhost", "Accept: */*")).isEqualTo("421");
            assertThat(status(videos, own, "Origin: https://evil.example")).isEqualTo("403");
            assertThat(status(videos, own, "Origin: null")).isEqualTo("403");
            assertThat(status(videos, own, "Sec-Fetch-Site: cross-site")).isEqualTo("403");
        }
    }

    /** Of an answer to what no client's library sends. */
    private static String status(URI uri, String host, String header) throws IOException {
        try (var socket = new Socket(uri.getHost(), uri.getPort())) {
            socket.getOutputStream()
                    .write("GET %s HTTP/1.1\r\nHost: %s\r\n%s\r\nConnection: close\r\n\r\n"
                            .formatted(uri.getPath(), host, header)
                            .getBytes(UTF_8));
            return new String(socket.getInputStream().readAllBytes(), UTF_8).split(" ", 3)[1];
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"generate x", "serve --port 0 --kafka-port 0 --s3-port 0 --data DATA"})
    void shouldSayThatItWasInterruptedWhileTheFleetStarts(String command) throws Exception {
        // Given a fleet that is on its way up
        String[] arguments =
                command.replace("DATA", directory.resolve("data").toString()).split(" ");
        try (var starting = Launched.start(environment, arguments)) {
            Awaitility.await().atMost(Duration.ofMinutes(3)).until(() -> starting.err()
                    .contains("text2video: engine"));

            // When somebody presses Ctrl-C
            starting.interrupt();

            // Then that is what is told
            assertThat(starting.exitCode()).as(starting.err()).isEqualTo(130);
            assertThat(starting.err())
                    .contains("text2video: interrupted before the fleet had started")
                    .doesNotContain("did not start");
        }
        assertThat(left()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"false, is gone with its fleet", "true, goes on with the next fleet on"})
    void shouldSayWhatBecomesOfTheJobOfAFleetOfItsOwn(boolean kept, String said) throws Exception {
        // Given a long job that has begun
        List<String> arguments = new ArrayList<>(
                List.of("generate", "a ball", "-o", directory.resolve("a.mp4").toString()));
        arguments.addAll(List.of(LONG));
        if (kept) {
            arguments.addAll(List.of("--data", directory.resolve("data").toString()));
        }
        try (var waiting = Launched.start(environment, arguments.toArray(String[]::new))) {
            Awaitility.await().atMost(Duration.ofMinutes(3)).until(() -> waiting.err()
                    .contains("text2video: queue"));

            // When somebody presses Ctrl-C
            waiting.interrupt();

            // Then that is the last that is told
            assertThat(waiting.exitCode()).as(waiting.err()).isEqualTo(130);
            assertThat(waiting.err().lines().reduce((first, last) -> last).orElseThrow())
                    .matches("text2video: interrupted: the job [0-9a-f-]{36} " + said + ".*");
        }
        assertThat(left()).isEmpty();
    }

    @Test
    void shouldCancelAJobAtCtrlCAndByCommand() throws Exception {
        String[] serve = {
            "serve",
            "--port",
            "0",
            "--kafka-port",
            "0",
            "--s3-port",
            "0",
            "--data",
            directory.resolve("data").toString()
        };
        try (var fleet = Launched.start(environment, serve)) {
            // Given somebody who waits for a long job that has begun
            String gateway = fleet.awaitGateway();
            URI videos = URI.create(gateway + "/v1/videos");
            String[] generate = {
                "generate",
                "a ball",
                "--gateway",
                gateway,
                "-o",
                directory.resolve("a.mp4").toString()
            };
            try (var waiting = Launched.start(environment, with(generate, LONG))) {
                String id = awaitRunning(videos);

                // When they press Ctrl-C
                waiting.interrupt();

                // Then the job is cancelled, and they are told
                assertThat(waiting.exitCode()).as(waiting.err()).isEqualTo(130);
                assertThat(waiting.err()).endsWith("text2video: cancelled %s%n".formatted(id));
                assertThat(get(URI.create(videos + "/" + id)).body()).contains("\"cancelled\"");
            }

            // And the worker is free: it begins the next, which is cancelled by command
            try (var waiting = Launched.start(environment, with(generate, LONG))) {
                String id = awaitRunning(videos);
                try (var cancel = Launched.start(environment, "cancel", id, "--gateway", gateway)) {
                    assertThat(cancel.exitCode()).as(cancel.err()).isZero();
                    assertThat(cancel.out()).isEqualTo("cancelled %s%n".formatted(id));
                }
                assertThat(waiting.exitCode()).isEqualTo(1);
                assertThat(waiting.err()).contains("cancelled");
            }

            // And a video that is finished stays, whoever cancels it
            try (var done = Launched.start(environment, with(generate, "--steps", "1", "--json"))) {
                assertThat(done.exitCode()).as(done.err()).isZero();
                String id = new ObjectMapper().readTree(done.out()).path("id").asText();
                try (var cancel = Launched.start(environment, "cancel", id, "--gateway", gateway)) {
                    assertThat(cancel.exitCode()).isEqualTo(1);
                    assertThat(cancel.err()).contains("completed").hasLineCount(1);
                }
                assertThat(get(URI.create(videos + "/" + id + "/content")).statusCode())
                        .isEqualTo(200);
            }
        }
    }

    @Test
    void shouldTokenizeALineEach() throws Exception {
        try (var tokenize = Launched.fed(environment, "\"a red ball\"\n\"\"\n", "tokenize", "--jsonl")) {
            assertThat(tokenize.exitCode()).as(tokenize.err()).isZero();
            List<String> lines = tokenize.out().lines().toList();
            assertThat(lines).hasSize(2).allMatch(line -> line.matches("\\[(\\d+,)*1]"));
            assertThat(lines.get(1)).isEqualTo("[1]");
        }
    }

    @Test
    void shouldTraceEveryTensor() throws Exception {
        Path file = directory.resolve("trace.safetensors");

        try (var trace = Launched.start(
                environment, "trace", "--out", file.toString(), "--prompt", "a ball", "--steps", "2", "--seed", "1")) {
            assertThat(trace.exitCode()).as(trace.err()).isZero();
        }

        assertThat(SafetensorsFile.read(file).tensors().keySet())
                .contains(
                        "input_ids",
                        "prompt_embeds",
                        "negative_prompt_embeds",
                        "timesteps",
                        "noise_pred.0",
                        "noise_pred.1",
                        "latents.0",
                        "latents.1",
                        "frames");
    }

    @Test
    void shouldTellAModelWithoutLoadingIt() throws Exception {
        String model = Launched.HOME.resolve("models/cogvideox-tiny").toString();

        try (var info = Launched.start(environment, "info", model, "--json")) {
            assertThat(info.exitCode()).as(info.err()).isZero();
            JsonNode facts = new ObjectMapper().readTree(info.out());
            assertThat(facts.path("model_id").asText()).isEqualTo("cogvideox-tiny");
            assertThat(facts.at("/memory/rows/0/runs_here").asBoolean()).isTrue();
        }

        assertThat(left()).isEmpty();
    }

    @Test
    void shouldSayWhatTheMachineCanRun() throws Exception {
        try (var doctor = Launched.start(environment, "doctor")) {
            assertThat(doctor.exitCode()).as(doctor.out()).isZero();
            assertThat(doctor.out())
                    .contains(
                            "java",
                            "engine",
                            "video",
                            "memory",
                            "gpu",
                            "--device auto takes cpu",
                            "kafka   not looked at");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"--help", "generate --help", "serve --help", "gateway --help", "worker --help", "trace --help"})
    void shouldHelp(String arguments) throws Exception {
        try (var help = Launched.start(environment, arguments.split(" "))) {
            assertThat(help.exitCode()).as(help.err()).isZero();
            assertThat(help.out()).contains("Usage:");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "generate",
                "generate x --steps many",
                "generate x -o /no/such/directory/x.mp4",
                "generate x --direct --gateway http://localhost:1",
                "generate x --direct --device gpu",
                "serve --device cuda:0,cuda:0",
                "tokenize",
                "info",
                "no-such-command"
            })
    void shouldRefuseWrongUsage(String arguments) throws Exception {
        try (var wrong = Launched.start(environment, arguments.split(" "))) {
            assertThat(wrong.exitCode()).isEqualTo(2);
            assertThat(wrong.err()).isNotBlank();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "generate x --gateway http://127.0.0.1:1",
                "generate x --direct --frames 18",
                "generate x --direct --model no-such-directory",
                "generate x --direct --device cuda:31",
                "generate x --device cuda:31",
                "serve --device cuda:31",
                "generate x --model no-such-directory",
                "trace --out t.safetensors --prompt x --model no-such-directory",
                "info no-such-directory"
            })
    void shouldFailInOneLine(String arguments) throws Exception {
        try (var failing = Launched.start(environment, arguments.split(" "))) {
            assertThat(failing.exitCode()).as(failing.err()).isEqualTo(1);
            assertThat(failing.err()).startsWith("text2video: ").hasLineCount(1);
        }
        assertThat(left()).isEmpty();
    }

    private List<Path> left() throws IOException {
        try (Stream<Path> files = Files.list(temporary)) {
            return files.filter(file -> !file.getFileName().toString().startsWith("hsperfdata"))
                    .toList();
        }
    }

    private static String[] with(String[] command, String... more) {
        return Stream.of(command, more).flatMap(Stream::of).toArray(String[]::new);
    }

    private static String awaitRunning(URI videos) {
        return Awaitility.await()
                .atMost(Duration.ofMinutes(3))
                .until(
                        () -> {
                            JsonNode newest = new ObjectMapper()
                                    .readTree(
                                            get(URI.create(videos + "?limit=1")).body())
                                    .at("/data/0");
                            return newest.path("status").asText().equals("in_progress")
                                            && newest.path("progress").asInt() > 0
                                    ? newest.path("id").asText()
                                    : "";
                        },
                        id -> !id.isEmpty());
    }

    private static HttpResponse<String> get(URI uri) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }
}
