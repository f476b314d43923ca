package io.text2video.worker.pipeline;

import io.text2video.worker.model.CogVideoXTransformer3DModel;
import java.util.List;

/**
 * The transformer that a generation draws with.
 *
 * @param network with its LoRAs
 * @param loras what decides what each of them adds, as text
 * @param bytes that they take
 */
record Adapted(Resident<CogVideoXTransformer3DModel> network, List<String> loras, long bytes) {}
