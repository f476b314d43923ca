package io.text2video.worker.pipeline;

import io.text2video.worker.kernels.MemoryScope;
import io.text2video.worker.kernels.Tensor;
import io.text2video.worker.kernels.TensorKernels;
import io.text2video.worker.model.T5EncoderModel;
import io.text2video.worker.tokenizer.T5Tokenizer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Encodes prompts, and keeps what came of the most recent ones: negative prompts above all come again and again. Safe across
 * threads, one of which encodes at a time.
 */
final class TextEmbeddings {
    /** Of T5-XXL, 3.7 MB each in fp32. */
    static final int KEPT = 32;

    private final MemoryScope scope;
    private final T5Tokenizer tokenizer;
    private final Resident<T5EncoderModel> encoder;
    private final int length;
    private boolean away;
    private final Map<String, Encoded> recent = new LinkedHashMap<>(KEPT, 0.75f, true);

    /** @param embedding [1, T, d] */
    @SuppressWarnings("ArrayRecordComponent") // a pair that nobody compares
    private record Encoded(long[] ids, Tensor embedding) {}

    /**
     * @param scope owns what is kept
     * @param length tokens a prompt, pads included
     */
    TextEmbeddings(MemoryScope scope, T5Tokenizer tokenizer, Resident<T5EncoderModel> encoder, int length) {
        this.scope = scope;
        this.tokenizer = tokenizer;
        this.encoder = encoder;
        this.length = length;
    }

    /**
     * Encodes a generation's prompts.
     *
     * @param out owns the result
     * @return under guidance the negative prompt and the prompt, else the prompt alone: [B, T, d]
     */
    synchronized Tensor encode(MemoryScope out, GenerationParameters parameters, Tracer tracer) {
        Encoded prompt = encoded(out, parameters.prompt());
        tracer.tensor(out, "prompt_embeds", prompt.embedding());
        List<Tensor> batch;
        if (Guidance.of(parameters).active()) {
            Encoded negative = encoded(out, parameters.negativePrompt());
            tracer.longs("input_ids", prompt.ids(), negative.ids());
            tracer.tensor(out, "negative_prompt_embeds", negative.embedding());
            batch = List.of(negative.embedding(), prompt.embedding());
        } else {
            tracer.longs("input_ids", prompt.ids());
            batch = List.of(prompt.embedding());
        }
        Tensor text = TensorKernels.concat(out, batch, 0);
        forgetOldest();
        return text;
    }

    /**
     * Gives up the encoder's weights, as there is no room for them beside the generation that runs. Until {@link
     * #readmitEncoder} no prompt is prepared. What was encoded stays.
     */
    synchronized void releaseEncoder() {
        away = true;
        encoder.release();
    }

    /** That generation has ended. The weights are loaded again for the next new prompt. */
    synchronized void readmitEncoder() {
        away = false;
    }

    /**
     * Encodes a generation's prompts, so that it finds them kept; nothing where the encoder was released for the one that
     * runs.
     *
     * @param own to work in, of the calling thread
     */
    synchronized void prepare(MemoryScope own, GenerationParameters parameters) {
        if (away) {
            return;
        }
        encoded(own, parameters.prompt());
        if (Guidance.of(parameters).active()) {
            encoded(own, parameters.negativePrompt());
        }
        forgetOldest();
    }

    /** How many are kept. */
    synchronized int kept() {
        return recent.size();
    }

    /** Works in the caller's scope, as scopes belong to threads; what is kept moves to the one that all share. */
    private Encoded encoded(MemoryScope own, String text) {
        return recent.computeIfAbsent(text, absent -> {
            long[] ids = tokenizer.encodePadded(absent, length);
            return new Encoded(
                    ids, scope.adopt(encoder.acquire(own.interruption()).forward(own, ids)));
        });
    }

    private void forgetOldest() {
        var oldest = recent.entrySet().iterator();
        while (recent.size() > KEPT) {
            oldest.next().getValue().embedding().free();
            oldest.remove();
        }
    }
}
