package io.text2video.standalone.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class StageDisplayTest {
    private final ByteArrayOutputStream shown = new ByteArrayOutputStream();
    private final PrintStream err = new PrintStream(shown, true, StandardCharsets.UTF_8);

    @Test
    void shouldPrintALineAStageWithoutATerminal() {
        try (var stages = new StageDisplay(false, err)) {
            stages.stage("broker");
            stages.stage("broker");
            stages.show("steps", 0, 4, " steps");
            stages.show("steps", 4, 4, " steps");
            stages.finish();
        }

        assertThat(lines()).containsExactly("text2video: broker", "text2video: steps");
    }

    @Test
    void shouldSayNothingOfAStageThatFailed() {
        try (var stages = new StageDisplay(false, err)) {
            stages.stage("engine");
        }

        assertThat(lines()).isEmpty();
    }

    @Test
    void shouldShowABarWhereTheEndIsKnownOnATerminal() {
        try (var stages = new StageDisplay(true, err)) {
            stages.stage("model");
            stages.show("steps", 1, 4, " steps");
            stages.finish();
        }

        assertThat(shown.toString(StandardCharsets.UTF_8))
                .containsPattern("model +\\d+\\.\\d s")
                .contains("4/4 steps")
                .doesNotContain("text2video:");
    }

    @Test
    void shouldPrintALineWheneverTheQueueBeforeItHasMoved() {
        try (var stages = new StageDisplay(false, err)) {
            stages.waiting("queue", "");
            stages.waiting("queue", "2 before it");
            stages.waiting("queue", "2 before it");
            stages.waiting("queue", "1 before it");
            stages.waiting("queue", "");
            stages.stage("steps");
        }

        assertThat(lines())
                .containsExactly(
                        "text2video: queue, 2 before it", "text2video: queue, 1 before it", "text2video: queue");
    }

    @Test
    void shouldShowTheQueueBeforeItOnATerminal() {
        try (var stages = new StageDisplay(true, err)) {
            stages.waiting("queue", "3 before it");
            stages.finish();
        }

        assertThat(shown.toString(StandardCharsets.UTF_8)).containsPattern("queue +\\d+\\.\\d s, 3 before it");
    }

    @Test
    void shouldSayThatItWasInterrupted() {
        try (var stages = new StageDisplay(false, err)) {
            stages.stage("gateway");
            stages.interrupted();
        }

        assertThat(lines()).containsExactly("text2video: interrupted before the fleet had started");
    }

    /** Without the times. */
    private List<String> lines() {
        return shown.toString(StandardCharsets.UTF_8)
                .lines()
                .map(line -> line.replaceAll(" \\d+\\.\\d s$", ""))
                .toList();
    }
}
