package io.text2video.standalone.cli;

import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Where a command that also prints a table puts its result as JSON. */
final class JsonFile {
    static final String STDOUT = "-";
    static final String DESCRIPTION = "Write everything as JSON into a file; - prints it instead of the table.";

    private static final ObjectWriter WRITER = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .build()
            .writerWithDefaultPrettyPrinter();

    private JsonFile() {}

    /**
     * Looks whether there is a place for the file, before the work is done.
     *
     * @param file null for none
     * @throws ParameterException when there is not
     */
    static void check(String file, CommandSpec spec) {
        if (file != null && !file.equals(STDOUT)) {
            Path path = Path.of(file).toAbsolutePath();
            if (Files.isDirectory(path) || !Files.isDirectory(path.getParent())) {
                throw new ParameterException(
                        spec.commandLine(), "--json names a file in a directory that exists, or -, not " + file);
            }
        }
    }

    /**
     * Writes it, where it was asked for.
     *
     * @throws IOException when the file cannot be written
     */
    static void write(String file, Object result, PrintWriter out) throws IOException {
        if (file == null) {
            return;
        }
        String text = WRITER.writeValueAsString(result) + System.lineSeparator();
        if (file.equals(STDOUT)) {
            out.print(text);
            out.flush();
        } else {
            Files.writeString(Path.of(file), text);
        }
    }
}
