package io.text2video.worker.pipeline;

import io.text2video.worker.weights.SafetensorsWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Gathers a trace on the heap and writes it as one safetensors file, whose metadata holds the call. */
public final class SafetensorsTrace implements TraceSink {
    private final List<SafetensorsWriter.Entry> tensors = new ArrayList<>();

    @Override
    public void accept(SafetensorsWriter.Entry tensor) {
        tensors.add(tensor);
    }

    /**
     * Writes what was gathered.
     *
     * @throws IOException when the file cannot be written
     */
    public void write(Path file, GenerationParameters parameters) throws IOException {
        Map<String, String> call = new LinkedHashMap<>();
        call.put("prompt", parameters.prompt());
        call.put("negative_prompt", parameters.negativePrompt());
        call.put("steps", Integer.toString(parameters.numInferenceSteps()));
        call.put("timesteps", parameters.timesteps().toString());
        call.put("guidance_scale", Double.toString(parameters.guidanceScale()));
        call.put("use_dynamic_cfg", Boolean.toString(parameters.useDynamicCfg()));
        call.put("eta", Double.toString(parameters.eta()));
        call.put("cache_threshold", Double.toString(parameters.cacheThreshold()));
        call.put("height", Integer.toString(parameters.height()));
        call.put("width", Integer.toString(parameters.width()));
        call.put("num_frames", Integer.toString(parameters.numFrames()));
        call.put("seed", Long.toString(parameters.seed()));
        if (parameters.video() != null) {
            call.put("strength", Double.toString(parameters.video().strength()));
        }
        SafetensorsWriter.write(file, call, tensors);
    }
}
