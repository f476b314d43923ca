package io.text2video.standalone.cli;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.text2video.process.PortConverter;
import io.text2video.process.Ports;
import io.text2video.standalone.client.GatewayClient;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** Options of several commands. */
final class SharedOptions {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .build();

    private SharedOptions() {}

    /** Which fleet is asked. */
    static final class Gateway {
        /** No option: who lists processes would see it. */
        private static final String KEY = "TEXT2VIDEO_API_KEY";

        private static final URI HERE = URI.create("http://localhost:8080");

        @Option(
                names = "--gateway",
                paramLabel = "URL",
                description = "The gateway of the fleet; where it wants a key, TEXT2VIDEO_API_KEY has it."
                        + " Default: http://localhost:8080; but generate starts a fleet of"
                        + " its own, and info and plan tell of a worker that is started here.")
        URI url;

        GatewayClient client() {
            return new GatewayClient(url == null ? HERE : url, System.getenv(KEY));
        }
    }

    /** Where a video is put. */
    static final class Output {
        private static final Pattern ANOTHER_KIND = Pattern.compile("(?i).*\\.(?!mp4$|m4v$)[a-z0-9]{1,5}$");

        @Spec(Spec.Target.MIXEE)
        CommandSpec spec;

        @Option(
                names = {"-o", "--output"},
                paramLabel = "FILE.mp4",
                description =
                        "Where to put the video. Default: for generate video.mp4, for get ID.mp4. For generate --file"
                                + " the directory of all videos, by default that of FILE.jsonl's name.")
        Path file;

        @Option(
                names = {"-f", "--force"},
                description = "Overwrite FILE.mp4 if it is there.")
        boolean force;

        /**
         * The file, before anything is done for it.
         *
         * @param otherwise what it is called unless it was said
         * @throws ParameterException when no video can be put there
         */
        Path file(String otherwise) {
            Path wanted = file == null ? Path.of(otherwise) : file;
            Path directory = wanted.toAbsolutePath().getParent();
            if (directory == null || Files.isDirectory(wanted)) {
                throw wrong(wanted + " is a directory: name a file");
            }
            if (!Files.isDirectory(directory)) {
                throw wrong("no such directory: " + directory);
            }
            if (ANOTHER_KIND.matcher(wanted.getFileName().toString()).matches()) {
                throw wrong("%s would hold an MP4 all the same: name it *.mp4".formatted(wanted));
            }
            if (Files.isRegularFile(wanted) && !force) {
                throw wrong("%s exists: name another file with -o, or overwrite it with --force".formatted(wanted));
            }
            return wanted;
        }

        /**
         * The directory, for many videos.
         *
         * @param otherwise what it is called unless it was said
         * @throws ParameterException when there cannot be one
         */
        Path directory(String otherwise) {
            Path wanted = file == null ? Path.of(otherwise) : file;
            if (Files.exists(wanted) && !Files.isDirectory(wanted)) {
                throw wrong(wanted + " is a file: name a directory with -o");
            }
            return wanted;
        }

        private ParameterException wrong(String reason) {
            return new ParameterException(spec.commandLine(), reason);
        }
    }

    /** Where a fleet of one process keeps what it has. */
    static final class Data {
        @Option(
                names = "--data",
                paramLabel = "DIR",
                description =
                        "Where the fleet keeps jobs and videos. Default: for serve $$XDG_DATA_HOME/text2video; for"
                                + " generate and services a temporary directory, removed at the end.")
        Path directory;
    }

    /** Where a broker and a store of its own listen. */
    static final class Services {
        private static final String LOOPBACK = "127.0.0.1";

        @Option(
                names = "--kafka-port",
                paramLabel = "PORT",
                converter = PortConverter.class,
                defaultValue = "9092",
                description = "Of the broker, on loopback; 0 for any free one. Default: ${DEFAULT-VALUE}.")
        int kafka;

        @Option(
                names = "--s3-port",
                paramLabel = "PORT",
                converter = PortConverter.class,
                defaultValue = "9000",
                description = "Of the object store, on loopback; 0 for any free one. Default: ${DEFAULT-VALUE}.")
        int s3;

        /** @throws IOException when something listens on one of them */
        void requireFree() throws IOException {
            Ports.requireFree("--kafka-port", LOOPBACK, "--host", kafka);
            Ports.requireFree("--s3-port", LOOPBACK, "--host", s3);
        }
    }

    /** Whether a result is for programs. */
    static final class Json {
        @Option(names = "--json", scope = ScopeType.INHERIT, description = "Print JSON; sizes are bytes.")
        boolean wanted;

        /** A record's components by their names in JSON. */
        static ObjectNode tree(Object result) {
            return MAPPER.valueToTree(result);
        }

        static void print(Object result, PrintWriter out) throws IOException {
            out.println(MAPPER.writeValueAsString(result));
        }
    }

    /** Where a command that also prints a table puts its result as JSON. */
    static final class JsonFile {
        private static final String STDOUT = "-";

        @Spec(Spec.Target.MIXEE)
        CommandSpec spec;

        @Option(
                names = "--json",
                paramLabel = "FILE",
                description = "Write everything as JSON into a file; - prints it instead of the table.")
        String file;

        /**
         * Looks whether there is a place for the file, before the work is done.
         *
         * @throws ParameterException when there is not
         */
        void check() {
            if (file != null && !file.equals(STDOUT)) {
                Path path = Path.of(file).toAbsolutePath();
                if (Files.isDirectory(path) || !Files.isDirectory(path.getParent())) {
                    throw new ParameterException(
                            spec.commandLine(), "--json names a file in a directory that exists, or -, not " + file);
                }
            }
        }

        /** Whether it takes the table's place. */
        boolean isPrinted() {
            return STDOUT.equals(file);
        }

        /**
         * Writes the result, where it was asked for.
         *
         * @throws IOException when the file cannot be written
         */
        void write(Object result) throws IOException {
            if (isPrinted()) {
                PrintWriter out = spec.commandLine().getOut();
                Json.print(result, out);
                out.flush();
            } else if (file != null) {
                Files.writeString(Path.of(file), MAPPER.writeValueAsString(result) + System.lineSeparator());
            }
        }
    }
}
