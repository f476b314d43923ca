package io.text2video.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.text2video.worker.Reference;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import jdk.jshell.JShell;
import jdk.jshell.Snippet;
import jdk.jshell.SnippetEvent;
import jdk.jshell.SourceCodeAnalysis;
import jdk.jshell.SourceCodeAnalysis.CompletionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Java of docs/08-library.md runs as it stands there, block after block, as in a JShell or a notebook. */
class LibraryDocsTest {
    private static final Path PAGE = Path.of("../docs/08-library.md");
    private static final Pattern BLOCK = Pattern.compile("(?ms)^(<!-- not run: [^\\n]+ -->\\n)?```java\\n(.*?)^```");
    private static final Pattern PRINTED = Pattern.compile("(?m)^prints `(.*)`\\.$");

    @TempDir
    Path directory;

    @Test
    void shouldRunAsItStands() throws IOException {
        // Given
        String page = Files.readString(PAGE);
        List<String> blocks = BLOCK.matcher(page)
                .results()
                .filter(block -> block.group(1) == null)
                .map(block -> block.group(2))
                .toList();
        assertThat(blocks).hasSize(6);
        var printed = new ByteArrayOutputStream();

        // When
        PrintStream out = System.out;
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try (JShell shell = JShell.builder().executionEngine("local").build()) {
            String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
            for (String element : classPath.split(File.pathSeparator)) {
                shell.addToClasspath(element);
            }
            for (String block : blocks) {
                run(shell, here(block));
            }
        } finally {
            System.setOut(out);
        }

        // Then
        assertThat(directory.resolve("ball.mp4")).isNotEmptyFile();
        assertThat(printed.toString(StandardCharsets.UTF_8))
                .contains(
                        "1 of 10 steps",
                        "a look at step 10: BufferedImage",
                        "17 of 17 frames",
                        "[▁a, ▁red, ▁b, all, </s>]",
                        "17 frames are edited",
                        "the generation was cancelled")
                .contains(PRINTED.matcher(page)
                        .results()
                        .map(match -> match.group(1))
                        .toList());
    }

    /** With files where the test has them. */
    private String here(String block) {
        return block.replace(
                        "models/cogvideox-tiny",
                        Reference.TINY_CHECKPOINT.toAbsolutePath().normalize().toString())
                .replace("ball.mp4", directory.resolve("ball.mp4").toString());
    }

    private static void run(JShell shell, String block) {
        SourceCodeAnalysis analysis = shell.sourceCodeAnalysis();
        for (String rest = block; !rest.isBlank(); ) {
            CompletionInfo next = analysis.analyzeCompletion(rest);
            String source = next.source() == null ? rest : next.source();
            for (SnippetEvent event : shell.eval(source)) {
                assertThat(event.exception()).as(source).isNull();
                assertThat(event.status())
                        .as(() -> source
                                + shell.diagnostics(event.snippet())
                                        .map(diagnostic -> diagnostic.getMessage(null))
                                        .toList())
                        .isIn(Snippet.Status.VALID, Snippet.Status.OVERWRITTEN);
            }
            rest = next.remaining();
        }
    }
}
