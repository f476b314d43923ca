package io.text2video.worker.pipeline;

import io.text2video.worker.config.CheckpointFiles;
import io.text2video.worker.device.Gpu;
import io.text2video.worker.quantization.Component;
import io.text2video.worker.weights.SafetensorsDtype;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What a checkpoint is computed in: what was asked for, if its values fit and the device computes in it. Where nothing was,
 * fp32 on a CPU, as every CPU is good at it, and on a GPU what the transformer is published in.
 */
final class ComputeTypeChoice {
    private ComputeTypeChoice() {}

    /**
     * Chooses by the transformer's header alone. Models that were trained in bf16 make values beyond fp16's range, so
     * those that are stored in it are refused; of one that is stored in fp32 nothing is known, and {@link OutputCheck}
     * sees what comes of it.
     *
     * @throws UnfitComputeTypeException when the checkpoint is stored in bf16 and fp16 is asked for, and when bf16 is for a
     *     GPU that does not multiply it
     */
    static ComputeType of(CheckpointFiles files, PipelineOptions options) throws UnfitComputeTypeException {
        return of(files.directory(), files.weights(Component.TRANSFORMER).publishedIn(), options);
    }

    /** @param published what the transformer is stored in; empty for one that is quantized */
    static ComputeType of(Path directory, Optional<SafetensorsDtype> published, PipelineOptions options)
            throws UnfitComputeTypeException {
        boolean onGpu = options.device().first().isCuda();
        if (!onGpu && options.computeType().orElse(ComputeType.FP32) != ComputeType.FP16) {
            return options.computeType().orElse(ComputeType.FP32);
        }
        ComputeType wanted = options.computeType()
                .orElseGet(() -> published.map(ComputeTypeChoice::of).orElse(ComputeType.FP32));
        if (wanted == ComputeType.FP16
                && published.filter(SafetensorsDtype.BF16::equals).isPresent()) {
            throw UnfitComputeTypeException.range(directory, wanted);
        }
        Optional<Gpu> unable = wanted == ComputeType.BF16 ? options.device().withoutBf16() : Optional.empty();
        if (unable.isPresent()) {
            throw UnfitComputeTypeException.device(
                    directory,
                    unable.get(),
                    published.filter(SafetensorsDtype.F16::equals).isPresent());
        }
        return wanted;
    }

    private static ComputeType of(SafetensorsDtype published) {
        return switch (published) {
            case F16 -> ComputeType.FP16;
            case BF16 -> ComputeType.BF16;
            default -> ComputeType.FP32;
        };
    }
}
