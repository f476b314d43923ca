package io.text2video.worker.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.text2video.common.model.InvalidGenerationException;
import io.text2video.common.model.LoraScale;
import io.text2video.worker.Reference;
import io.text2video.worker.kernels.Interruption;
import io.text2video.worker.lora.LoraException;
import io.text2video.worker.lora.LoraFixture;
import io.text2video.worker.state.Checkpoints;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** LoRAs as jobs ask for them. */
class LoraPipelineTest {
    private CogVideoXPipeline pipeline;
    private Path changing;

    @TempDir
    Path directory;

    @BeforeEach
    void load() throws IOException {
        changing = Files.copy(LoraFixture.ATTENTION, directory.resolve("changing.safetensors"));
        // Of no concern to the networks, whoever reads it.
        Files.writeString(directory.resolve("changing.json"), "no recipe");
        Path broken = Files.writeString(directory.resolve("broken.safetensors"), "{}");
        pipeline = CogVideoXPipeline.load(
                Reference.CHECKPOINT,
                Map.of(
                        "attention",
                        LoraFixture.ATTENTION,
                        "everywhere",
                        LoraFixture.EVERYWHERE,
                        "changing",
                        changing,
                        "broken",
                        broken,
                        "gone",
                        directory.resolve("gone.safetensors")),
                PipelineOptions.DEFAULT);
    }

    @AfterEach
    void close() {
        pipeline.close();
    }

    @Test
    void shouldDrawWithLorasAndWithoutThemAfter() {
        // Given
        byte[] bare = draw();

        // When
        byte[] one = draw(new LoraScale("attention", 1.0));
        byte[] both = draw(new LoraScale("attention", 1.0), new LoraScale("everywhere", 0.5));

        // Then
        assertThat(one).isNotEqualTo(bare);
        assertThat(both).isNotEqualTo(bare).isNotEqualTo(one);
        assertThat(draw(new LoraScale("attention", 1.0))).isEqualTo(one);
        assertThat(draw(new LoraScale("attention", 0.0))).isEqualTo(bare);
        assertThat(draw()).isEqualTo(bare);
    }

    @Test
    void shouldReadAFileThatWasReplacedAgain() throws IOException {
        // Given
        byte[] before = draw(new LoraScale("changing", 1.0));

        // When
        Files.copy(LoraFixture.EVERYWHERE, changing, StandardCopyOption.REPLACE_EXISTING);

        // Then
        assertThat(draw(new LoraScale("changing", 1.0)))
                .isEqualTo(draw(new LoraScale("everywhere", 1.0)))
                .isNotEqualTo(before);
    }

    @Test
    void shouldGoOnWithTheSameLoraOnlyWhateverItsFileIsCalled() throws IOException {
        // Given a generation that was stopped, and what comes of it
        byte[] expected = draw(6, Checkpoints.NONE, new LoraScale("changing", 1.0));
        var states = new KeptStates();
        assertThatThrownBy(() -> draw(6, states.stopAfter(3), new LoraScale("changing", 1.0)))
                .isInstanceOf(CancellationException.class);
        states.stopAfter(Integer.MAX_VALUE);

        // When it is gone on with from the same file by another name, with another scale, and from another file
        byte[] same = draw(6, states, new LoraScale("attention", 1.0));
        states.only().tailMap(4).clear();
        draw(6, states, new LoraScale("changing", 0.5));
        Files.copy(LoraFixture.EVERYWHERE, changing, StandardCopyOption.REPLACE_EXISTING);
        draw(6, states, new LoraScale("changing", 1.0));

        // Then
        assertThat(same).isEqualTo(expected);
        assertThat(states.resumed).containsExactly(3);
        assertThat(states.files).hasSize(3);
    }

    @Test
    void shouldNameTheLorasThereAreToWhoAsksForAnother() {
        assertThatThrownBy(() -> pipeline.validate(call(new LoraScale("noir", 1.0))))
                .isInstanceOfSatisfying(InvalidGenerationException.class, e -> assertThat(e.field())
                        .isEqualTo("loras"))
                .hasMessageContaining(
                        "there is no LoRA noir; there are [attention, broken, changing, everywhere, gone]");
    }

    @Test
    void shouldRefuseTheSameLoraTwiceAndAScaleThatIsNoNumber() {
        assertThatThrownBy(
                        () -> pipeline.validate(call(new LoraScale("attention", 1.0), new LoraScale("attention", 0.5))))
                .isInstanceOf(InvalidGenerationException.class)
                .hasMessageContaining("attention is named twice");
        assertThatThrownBy(() -> pipeline.validate(call(new LoraScale("attention", Double.NaN))))
                .isInstanceOf(InvalidGenerationException.class)
                .hasMessageContaining("attention has the scale NaN");
    }

    @Test
    void shouldRefuseTheJobWhoseLoraIsBadAndGoOn() {
        // Given
        byte[] bare = draw();

        // Then
        assertThatThrownBy(() -> draw(new LoraScale("attention", 1.0), new LoraScale("broken", 1.0)))
                .isInstanceOf(InvalidGenerationException.class)
                .hasCauseInstanceOf(LoraException.class)
                .hasMessageContaining("the LoRA broken cannot be used: broken.safetensors:")
                .hasMessageNotContaining(directory.toString());
        assertThatThrownBy(() -> draw(new LoraScale("gone", 1.0)))
                .isInstanceOf(InvalidGenerationException.class)
                .hasMessageContaining("the LoRA gone cannot be used: gone.safetensors: is missing");
        assertThat(draw()).isEqualTo(bare);
    }

    private byte[] draw(LoraScale... loras) {
        return draw(1, Checkpoints.NONE, loras);
    }

    private byte[] draw(int steps, Checkpoints checkpoints, LoraScale... loras) {
        var collected = new CollectedFrames(call(steps, loras));
        StepListener listener = checkpoints instanceof KeptStates states ? states : StepListener.NONE;
        pipeline.generate(call(steps, loras), checkpoints, Interruption.NONE, listener, collected);
        return collected.frames().rgb();
    }

    private static GenerationParameters call(LoraScale... loras) {
        return call(1, loras);
    }

    private static GenerationParameters call(int steps, LoraScale... loras) {
        return new GenerationParameters("a cat", "", steps, 1, false, 0, 64, 80, 1, 8, 7, List.of(loras), null);
    }
}
