package io.text2video.worker.plan;

import io.text2video.worker.config.CheckpointFiles;
import io.text2video.worker.config.TextEncoderConfig;
import io.text2video.worker.config.TransformerConfig;
import io.text2video.worker.config.VaeConfig;
import io.text2video.worker.kernels.DType;
import io.text2video.worker.model.AutoencoderKLCogVideoX;
import io.text2video.worker.model.T5EncoderModel;
import io.text2video.worker.quantization.Component;
import io.text2video.worker.quantization.Quantization;
import io.text2video.worker.weights.TensorInfo;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * A checkpoint as far as memory goes.
 *
 * @param compute what its networks compute in
 * @param quantization what weights are quantized by, in the files or as they are loaded
 */
public record PlannedModel(
        TextEncoderConfig textConfig,
        TransformerConfig transformerConfig,
        VaeConfig vaeConfig,
        DType compute,
        WeightMemory textEncoder,
        WeightMemory transformer,
        WeightMemory vae,
        Quantization quantization) {
    /**
     * Of a checkpoint.
     *
     * @param compute what networks compute in
     * @param quantization what weights are quantized by, in the files or as they are loaded
     */
    public static PlannedModel of(CheckpointFiles files, DType compute, Quantization quantization) {
        return of(
                files.config().textEncoder(),
                files.config().transformer(),
                files.config().vae(),
                files.weights(Component.TEXT_ENCODER).tensors(),
                files.weights(Component.TRANSFORMER).tensors().values(),
                files.weights(Component.VAE).tensors().values(),
                compute,
                quantization,
                files.config().index().imageToVideo());
    }

    /**
     * Of its parts.
     *
     * @param text the text encoder's tensors by their names
     * @param fromImage whether the VAE encodes an image, or only decodes
     */
    public static PlannedModel of(
            TextEncoderConfig textConfig,
            TransformerConfig transformerConfig,
            VaeConfig vaeConfig,
            Map<String, TensorInfo> text,
            Collection<TensorInfo> transformer,
            Collection<TensorInfo> vae,
            DType compute,
            Quantization quantization,
            boolean fromImage) {
        boolean tied = text.containsKey(T5EncoderModel.TABLE);
        List<TensorInfo> read = text.values().stream()
                .filter(tensor -> !(tied && tensor.name().equals(T5EncoderModel.TIED_TABLE)))
                .toList();
        Predicate<TensorInfo> decoder = tensor -> !AutoencoderKLCogVideoX.encodes(tensor.name());
        return new PlannedModel(
                textConfig,
                transformerConfig,
                vaeConfig,
                compute,
                WeightMemory.of(
                        read,
                        tensor -> compute == DType.F16 && tensor.name().endsWith(T5EncoderModel.WIDE_IN_FP16)
                                ? DType.F32
                                : compute,
                        Component.TEXT_ENCODER,
                        quantization.textEncoder(),
                        tensor -> !tensor.name().equals(T5EncoderModel.TABLE)
                                && !tensor.name().equals(T5EncoderModel.TIED_TABLE)),
                WeightMemory.of(
                        transformer,
                        tensor -> compute,
                        Component.TRANSFORMER,
                        quantization.transformer(),
                        tensor -> true),
                WeightMemory.of(
                        vae,
                        tensor -> compute,
                        Component.VAE,
                        quantization.vae(),
                        fromImage ? tensor -> true : decoder),
                quantization);
    }

    /** A video of its making. */
    Extent extent(int height, int width, int numFrames) {
        return new Extent(height, width, numFrames, textConfig, transformerConfig, vaeConfig);
    }
}
