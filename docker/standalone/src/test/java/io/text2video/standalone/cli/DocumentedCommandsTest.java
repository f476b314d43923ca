package io.text2video.standalone.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** Each {@code text2video} of the docs, in a line or in a block, names a command that there is, with options that it has. */
class DocumentedCommandsTest {
    private static final Path HOME = Path.of("../..");
    private static final Pattern COMMAND = Pattern.compile("\\./text2video ([^`|)\\n]+)");
    private static final Pattern OPTION = Pattern.compile("(?<= )--[a-z][a-z-]*|(?<= )-[a-z](?= |$)");

    /** Of the launcher, and of readers. */
    private static final Set<String> NOT_OF_JAVA = Set.of("class-path", "COMMAND");

    @Test
    void shouldNameCommandsAndOptionsThatThereAre() throws IOException {
        List<String> unknown = new ArrayList<>();
        int seen = 0;
        for (Path page : pages()) {
            for (String shown : COMMAND.matcher(Files.readString(page).replace("\\\n", " "))
                    .results()
                    .map(match ->
                            match.group(1).replaceAll("\"[^\"]*\"", "TEXT").strip())
                    .toList()) {
                seen++;
                String wrong = unknown(shown);
                if (wrong != null) {
                    unknown.add("%s: text2video %s: there is no %s".formatted(HOME.relativize(page), shown, wrong));
                }
            }
        }

        assertThat(unknown).isEmpty();
        assertThat(seen).isGreaterThan(30);
    }

    @Test
    void shouldTellOfEachCommand() throws IOException {
        assertThat(Text2VideoCommand.commandLine().getSubcommands().keySet().stream()
                        .filter(name -> !Set.of("help", "generate-completion").contains(name)))
                .allSatisfy(name -> assertThat(HOME.resolve("docs/command-line.md"))
                        .content()
                        .containsPattern("(?m)^\\|[^|]*`" + Pattern.quote(name) + "[ `]"));
    }

    private static String unknown(String shown) {
        CommandLine command = Text2VideoCommand.commandLine();
        String[] words = shown.split("\\s+");
        for (String word : words) {
            if (command.getSubcommands().isEmpty() || word.startsWith("-")) {
                break;
            }
            CommandLine next = command.getSubcommands().get(word);
            if (next == null) {
                return NOT_OF_JAVA.contains(word.replaceAll("[^\\w-].*", "")) ? null : word;
            }
            command = next;
        }
        CommandLine last = command;
        return OPTION.matcher(" " + shown)
                .results()
                .map(match -> match.group())
                .filter(option -> last.getCommandSpec().findOption(option) == null)
                .findFirst()
                .orElse(null);
    }

    private static List<Path> pages() {
        try (Stream<Path> docs = Files.walk(HOME.resolve("docs"))) {
            return Stream.concat(Stream.of(HOME.resolve("README.md"), HOME.resolve("CONTRIBUTING.md")), docs)
                    .filter(file -> file.toString().endsWith(".md"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
