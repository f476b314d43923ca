package io.text2video.worker.pipeline;

import io.text2video.worker.kernels.MemoryScope;
import io.text2video.worker.kernels.Tensor;
import io.text2video.worker.kernels.TensorKernels;
import io.text2video.worker.model.T5EncoderModel;
import io.text2video.worker.tokenizer.T5Tokenizer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Encodes prompts, and keeps what came of the most recent ones: negative prompts above all come again and again. */
final class TextEmbeddings {
    /** Of T5-XXL, 3.7 MB each in fp32. */
    static final int KEPT = 32;

    private final MemoryScope scope;
    private final T5Tokenizer tokenizer;
    private final T5EncoderModel encoder;
    private final int length;
    private final Map<String, Tensor> recent = new LinkedHashMap<>(KEPT, 0.75f, true);

    /**
     * @param scope owns what is kept
     * @param length tokens a prompt, pads included
     */
    TextEmbeddings(MemoryScope scope, T5Tokenizer tokenizer, T5EncoderModel encoder, int length) {
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
    Tensor encode(MemoryScope out, GenerationParameters parameters, Tracer tracer) {
        long[] ids = ids(parameters.prompt());
        Tensor prompt = embedding(parameters.prompt());
        tracer.tensor(out, "prompt_embeds", prompt);
        List<Tensor> batch;
        if (Guidance.of(parameters).active()) {
            Tensor negative = embedding(parameters.negativePrompt());
            tracer.longs("input_ids", ids, ids(parameters.negativePrompt()));
            tracer.tensor(out, "negative_prompt_embeds", negative);
            batch = List.of(negative, prompt);
        } else {
            tracer.longs("input_ids", ids);
            batch = List.of(prompt);
        }
        Tensor text = TensorKernels.concat(out, batch, 0);
        forgetOldest();
        return text;
    }

    /** How many are kept. */
    int kept() {
        return recent.size();
    }

    private long[] ids(String text) {
        return tokenizer.encodePadded(text, length);
    }

    /** [1, T, d], kept. */
    private Tensor embedding(String text) {
        return recent.computeIfAbsent(text, absent -> encoder.forward(scope, ids(absent)));
    }

    private void forgetOldest() {
        var oldest = recent.entrySet().iterator();
        while (recent.size() > KEPT) {
            oldest.next().getValue().free();
            oldest.remove();
        }
    }
}
