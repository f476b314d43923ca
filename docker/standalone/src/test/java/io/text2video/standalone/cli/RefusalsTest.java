package io.text2video.standalone.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What can be known to be wrong is told before anything is started: no test here has a fleet. */
class RefusalsTest {
    private static final Path TINY = Text2VideoCommand.embeddedModel();
    private static final String PORT = "quarkus.http.port";
    private static final String MANAGEMENT_PORT = "quarkus.management.port";

    @TempDir
    Path directory;

    private final StringWriter errors = new StringWriter();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "generate                              | Missing required parameter: 'PROMPT'",
                "generate x --file prompts.jsonl       | PROMPT and --file exclude each other",
                "generate --file a.jsonl --direct      | --direct and --file exclude each other",
                "generate --file a.jsonl --image a.png | --image and --file exclude each other",
                "generate --file a.jsonl --extend a.mp4 | --extend and --file exclude each other: a line names a video by its key",
                "generate --file a.jsonl --video a.mp4 | --video and --file exclude each other: a line names a video by its key",
                "generate x --extend a.mp4 --image a.png | --image and --extend exclude each other",
                "generate x --direct --extend a.mp4 --image a.png | --image and --extend exclude each other",
                "generate x --strength 0.5             | --strength needs --video",
                "generate x --direct --strength 0.5    | --strength needs --video",
                "generate --file a.jsonl --control-video a.mp4 | --control-video and --file exclude each other",
                "generate x --direct --control-video a.mp4 --image a.png | --image and --control-video exclude each other",
                "generate x --direct --control-video a.mp4 --extend a.mp4 | --extend and --control-video exclude each other",
                "generate x --direct --control-video a.mp4 --video a.mp4 | --video and --control-video exclude each other",
                "generate x --direct --video a.mp4 --image a.png | --image and --video exclude each other",
                "generate x --direct --video a.mp4 --extend a.mp4 | --extend and --video exclude each other",
                "generate --file a.jsonl -o pom.xml    | pom.xml is a file: name a directory with -o",
                "generate x --steps many               | 'many' is not an int",
                "generate x --steps 0                  | num_inference_steps must be greater than or equal to 1, not 0",
                "generate x --seed -1                  | seed must be greater than or equal to 0, not -1",
                "generate x --fps 500                  | fps must be less than or equal to 120, not 500",
                "generate x -o x.png                   | x.png would hold an MP4 all the same: name it *.mp4",
                "generate x --direct -o x.gif          | x.gif would hold an MP4 all the same",
                "generate x -o /no/such/place/x.mp4    | no such directory: /no/such/place",
                "serve --port 65536                    | '65536' is no port: there are 0 (any free one) to 65535",
                "serve --kafka-port -1                 | '-1' is no port",
                "serve --s3-port http                  | 'http' is no port",
                "services --kafka-port -1              | '-1' is no port",
                "gateway --port 99999                  | '99999' is no port",
                "gateway --management-port health      | 'health' is no port",
                "worker --port 99999                   | '99999' is no port",
                "list --limit 0                        | --limit is 0, but must be from 1 to 100",
                "lora                                  | say what to do: list",
                "no-such-command                       | Unmatched argument at index 0: 'no-such-command'",
            })
    void shouldTellWrongUsageAfterTheUsage(String arguments, String message) {
        assertThat(execute(arguments.split(" "))).isEqualTo(2);

        assertThat(errors.toString()).startsWith("Usage: ");
        assertThat(errors.toString().lines().dropWhile(line -> !line.startsWith("text2video: ")))
                .as(errors.toString())
                .first()
                .asString()
                .contains(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "generate x --height 479              | height is 479, but must be a multiple of 16, from 16 to 4096; the nearest are 464 and 480",
                "generate x --direct --height 479     | height is 479, but must be a multiple of 16, from 16 to 4096; the nearest are 464 and 480",
                "generate x --frames 18               | num_frames is 18, but must be a multiple of 4 plus 1",
                "generate x --lora ink                | --lora names ink, which the model does not have; it has none",
                "generate x --direct --lora ink       | --lora names ink, which the model does not have; it has none",
                "generate x --lora no-such.safetensors | no such LoRA: no-such.safetensors",
                "generate x --image no-such.png       | no such image: no-such.png",
                "generate x --extend no.mp4           | no such video: no.mp4",
                "generate x --video pom.xml           | pom.xml: it is no video that can be read",
                "generate x --video no.mp4 --gateway http://localhost:1 | no such video: no.mp4",
                "generate x --direct --extend no.mp4  | no such video: no.mp4",
                "generate x --direct --extend pom.xml | pom.xml: it is no video that can be read",
                "generate x --direct --video no.mp4   | no such video: no.mp4",
                "generate x --direct --video pom.xml  | pom.xml: it is no video that can be read",
                "generate x --direct --control-video no.mp4 | no such video: no.mp4",
                "generate x --direct --control-video pom.xml | pom.xml: it is no video that can be read",
                "generate x --model no-such-model     | \"no-such-model\" is no model: there is no such directory",
                "generate x --direct --model ../../worker/src/test/resources/reference/control/2b | control_video is missing: this model makes a video from a control video and a prompt",
                "generate x --model ../../worker/src/test/resources/reference/control/2b | control_video is missing: this model makes a video from a control video and a prompt",
                "serve --model no-such-model          | \"no-such-model\" is no model: there is no such directory",
                "serve --loras no-such-directory      | there is no LoRA directory no-such-directory",
                "serve --host no.such.host.invalid    | --host no.such.host.invalid is no address of this machine",
                "serve --port 0 --data pom.xml        | the data directory pom.xml is a file: --data names a directory",
                "serve --port 0 --data pom.xml/data   | the data directory pom.xml/data cannot be made: ",
                "services --kafka-port 0 --s3-port 0 --data pom.xml | the data directory pom.xml is a file",
            })
    void shouldTellWhatCannotBeInOneLine(String arguments, String message) {
        String free = arguments.startsWith("serve") ? " --kafka-port 0 --s3-port 0" : "";

        assertThat(execute((arguments + free).split(" "))).isEqualTo(1);

        assertThat(errors.toString())
                .startsWith("text2video: ")
                .contains(message)
                .hasLineCount(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--port", "--kafka-port", "--s3-port"})
    void shouldNameAPortThatIsTaken(String option) throws IOException {
        // Given somebody who listens
        try (var taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            String port = Integer.toString(taken.getLocalPort());

            // When
            Stream<String> ports = Stream.of("--port", "--kafka-port", "--s3-port")
                    .flatMap(name -> Stream.of(name, name.equals(option) ? port : "0"));
            int code = execute(Stream.concat(Stream.of("serve", "--data", directory.toString()), ports)
                    .toArray(String[]::new));

            // Then
            assertThat(code).isEqualTo(1);
            assertThat(errors.toString())
                    .startsWith("text2video: port %s of 127.0.0.1 cannot be listened on: ".formatted(port))
                    .contains(option + " names another, or 0 for any free one")
                    .hasLineCount(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gateway --port", "gateway --port 0 --management-port", "worker --port"})
    void shouldNameAPortThatIsTakenBeforeAServerIsStarted(String command) throws IOException {
        List<String> words = List.of(command.split(" "));
        String before = System.getProperty(PORT);
        String managementBefore = System.getProperty(MANAGEMENT_PORT);
        try (var taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            // Given somebody who listens
            String port = Integer.toString(taken.getLocalPort());

            // When
            int code = execute(Stream.concat(words.stream(), Stream.of(port)).toArray(String[]::new));

            // Then
            assertThat(code).isEqualTo(1);
            assertThat(errors.toString())
                    .startsWith("text2video: port %s of 127.0.0.1 cannot be listened on: ".formatted(port))
                    .contains(words.get(words.size() - 1) + " names another, or 0 for any free one")
                    .hasLineCount(1);
        } finally {
            restore(PORT, before);
            restore(MANAGEMENT_PORT, managementBefore);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gateway", "worker"})
    void shouldTakeAPortOfTheEnvironmentThatIsNoneForWrongUsage(String command) {
        String before = System.getProperty(PORT);
        try {
            System.setProperty(PORT, "99999");

            assertThat(execute(command)).isEqualTo(2);

            assertThat(errors.toString())
                    .startsWith("Usage: ")
                    .contains("text2video: QUARKUS_HTTP_PORT: '99999' is no port: there are 0 (any free one) to 65535");
        } finally {
            restore(PORT, before);
        }
    }

    private static void restore(String property, String value) {
        if (value == null) {
            System.clearProperty(property);
        } else {
            System.setProperty(property, value);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"serve --port 0 --kafka-port 0 --s3-port 0", "generate x", "generate x --direct"})
    void shouldLookAtACheckpointThatWasCutOff(String command) throws IOException {
        // Given a download that broke
        Path model = directory.resolve("cut");
        try (Stream<Path> files = Files.walk(TINY)) {
            for (Path file : files.toList()) {
                Files.copy(file, model.resolve(TINY.relativize(file).toString()));
            }
        }
        Path weights = model.resolve("transformer/diffusion_pytorch_model.safetensors");
        try (var channel = FileChannel.open(weights, StandardOpenOption.WRITE)) {
            channel.truncate(channel.size() / 2);
        }

        // When
        int code = execute((command + " --model " + model).split(" "));

        // Then
        assertThat(code).isEqualTo(1);
        assertThat(errors.toString()).contains(weights.getFileName().toString()).hasLineCount(1);
    }

    @Test
    void shouldTakeNoLargerVideoThanAFleetDoes() throws IOException {
        Path large = directory.resolve("large.mp4");
        try (var file = FileChannel.open(large, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.allocate(1), 32 << 20);
        }

        assertThat(execute("generate", "x", "--video", large.toString())).isEqualTo(1);
        assertThat(errors.toString())
                .contains("%s has 33554433 bytes; a fleet is sent at most 33554432 (32 MiB): cut it, draw with --direct"
                        .formatted(large))
                .hasLineCount(1);
        assertThat(execute("generate", "x", "--direct", "--video", large.toString()))
                .isEqualTo(1);
        assertThat(errors.toString()).contains("it is no video that can be read");
    }

    @Test
    void shouldOverwriteNoVideoUnlessForced() throws IOException {
        Path file = Files.writeString(directory.resolve("kept.mp4"), "a video");

        assertThat(execute("generate", "x", "-o", file.toString())).isEqualTo(2);

        assertThat(errors.toString())
                .contains("%s exists: name another file with -o, or overwrite it with --force".formatted(file));
        assertThat(file).hasContent("a video");
        assertThat(execute("generate", "x", "--force", "-o", file.toString(), "--height", "479"))
                .isEqualTo(1);
    }

    private int execute(String... arguments) {
        errors.getBuffer().setLength(0);
        return Text2VideoCommand.commandLine()
                .setErr(new PrintWriter(errors, true))
                .execute(arguments);
    }
}
