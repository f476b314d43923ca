package io.text2video.worker.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.text2video.worker.Reference;
import io.text2video.worker.config.TextEncoderConfig;
import io.text2video.worker.kernels.Interruption;
import io.text2video.worker.kernels.Kernels;
import io.text2video.worker.kernels.MemoryScope;
import io.text2video.worker.kernels.Tensor;
import io.text2video.worker.kernels.TensorKernels;
import io.text2video.worker.model.T5EncoderModel;
import io.text2video.worker.tokenizer.T5Tokenizer;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TextEmbeddingsTest {
    private static final int LENGTH = 226;

    private final Kernels kernels = Kernels.load();
    private final MemoryScope scope = kernels.openScope();
    private T5Tokenizer tokenizer;
    private Resident<T5EncoderModel> encoder;
    private TextEmbeddings embeddings;

    @BeforeEach
    void load() throws IOException {
        tokenizer = T5Tokenizer.of(Reference.CHECKPOINT);
        encoder = Resident.load(
                kernels,
                Interruption.NONE,
                owner -> Reference.weights(owner, TextEncoderConfig.FOLDER),
                weights -> new T5EncoderModel(TextEncoderConfig.read(Reference.CHECKPOINT), weights));
        embeddings = new TextEmbeddings(scope, tokenizer, encoder, LENGTH);
    }

    @AfterEach
    void free() {
        tokenizer.close();
        kernels.close();
    }

    @Test
    void shouldGiveTheSameForAPromptThatItKnows() {
        // When
        float[] first = encode("a red ball", "blurry", 6);
        float[] again = encode("a red ball", "blurry", 6);

        // Then
        assertThat(again).isEqualTo(first);
        assertThat(embeddings.kept()).isEqualTo(2);
    }

    @Test
    void shouldKeepTheMostRecentOnesAndFreeTheOthers() {
        // When
        for (int i = 0; i < 40; i++) {
            encode("prompt " + i, "blurry", 6);
        }

        // Then
        assertThat(embeddings.kept()).isEqualTo(TextEmbeddings.KEPT);
        float[] fresh = fresh("prompt 0");
        assertThat(encode("prompt 0", "", 1)).isEqualTo(fresh);
    }

    @Test
    void shouldPutTheNegativePromptFirstUnderGuidanceAndLeaveItOutElse() {
        // When
        float[] guided = encode("a red ball", "blurry", 6);
        float[] unguided = encode("a red ball", "blurry", 1);

        // Then
        assertThat(guided).startsWith(fresh("blurry")).endsWith(fresh("a red ball"));
        assertThat(unguided).isEqualTo(fresh("a red ball"));
    }

    @Test
    void shouldPrepareNothingWhileTheEncoderIsReleasedForTheGenerationThatRuns() {
        // Given a generation that has no room for the encoder beside it, and what it encoded before
        encode("a red ball", "", 1);
        embeddings.releaseEncoder();

        // When the next one's prompt could be prepared
        prepare("a green square");

        // Then
        assertThat(encoder.isLoaded()).isFalse();
        assertThat(embeddings.kept()).isEqualTo(1);

        // When that generation has ended
        embeddings.readmitEncoder();
        prepare("a green square");

        // Then
        assertThat(encoder.isLoaded()).isTrue();
        assertThat(embeddings.kept()).isEqualTo(2);
        assertThat(encode("a green square", "", 1)).isEqualTo(fresh("a green square"));
    }

    private void prepare(String prompt) {
        try (MemoryScope own = kernels.openScope()) {
            embeddings.prepare(
                    own, new GenerationParameters(prompt, "", 1, 1, false, 0, 64, 80, 17, 8, 0, List.of(), null));
        }
    }

    private float[] encode(String prompt, String negative, double guidance) {
        try (MemoryScope own = kernels.openScope()) {
            var call = new GenerationParameters(
                    prompt, negative, 1, guidance, false, 0, 64, 80, 17, 8, 0, List.of(), null);
            return TensorKernels.toFloats(own, embeddings.encode(own, call, new Tracer(TraceSink.NONE)));
        }
    }

    private float[] fresh(String text) {
        try (MemoryScope own = kernels.openScope()) {
            Tensor embedding = encoder.acquire(Interruption.NONE).forward(own, tokenizer.encodePadded(text, LENGTH));
            return TensorKernels.toFloats(own, embedding);
        }
    }
}
