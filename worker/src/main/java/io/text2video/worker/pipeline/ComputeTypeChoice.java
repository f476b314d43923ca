package io.text2video.worker.pipeline;

import io.text2video.worker.config.TransformerConfig;
import io.text2video.worker.weights.SafetensorsDtype;
import io.text2video.worker.weights.SafetensorsIndex;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;

/**
 * What a checkpoint is computed in: what was asked for, if its values fit; fp32 where nothing was, as every CPU is good at
 * it.
 */
final class ComputeTypeChoice {
    private ComputeTypeChoice() {}

    /**
     * Chooses by the transformer's header alone. Models that were trained in bf16 make values beyond fp16's range, so
     * those that are stored in it are refused; of one that is stored in fp32 nothing is known, and {@link OutputCheck}
     * sees what comes of it.
     *
     * @throws UnfitComputeTypeException when the checkpoint is stored in bf16 and fp16 is asked for
     * @throws IOException when the transformer's weights cannot be read
     */
    static ComputeType of(Path modelDirectory, PipelineOptions options) throws IOException {
        ComputeType wanted = options.computeType().orElse(ComputeType.FP32);
        if (wanted == ComputeType.FP16) {
            SafetensorsDtype published = SafetensorsIndex.open(modelDirectory.resolve(TransformerConfig.FOLDER))
                    .publishedIn()
                    .orElse(SafetensorsDtype.F16);
            if (published == SafetensorsDtype.BF16) {
                throw new UnfitComputeTypeException(
                        modelDirectory, wanted, published.name().toLowerCase(Locale.ROOT));
            }
        }
        return wanted;
    }
}
