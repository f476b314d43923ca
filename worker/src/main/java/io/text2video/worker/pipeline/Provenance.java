package io.text2video.worker.pipeline;

import java.util.Map;
import java.util.TreeMap;

/**
 * What videos are drawn with, beside their parameters: where all of it is the same, so are the frames, but for what is
 * done otherwise where memory is short.
 *
 * @param weights of the model, a SHA-256 in hex of its files' headers and of samples of their values
 * @param loras by the LoRA's id, the same of its file
 * @param computation by their names, how it is computed: dtype, quantization, the machine's arithmetic and their like
 */
public record Provenance(String weights, Map<String, String> loras, Map<String, String> computation) {
    public Provenance {
        loras = new TreeMap<>(loras);
        computation = new TreeMap<>(computation);
    }
}
