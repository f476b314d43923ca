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
 * @param vae all of it, where something is encoded
 * @param decoder of the VAE, where nothing is
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
        WeightMemory decoder,
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
                quantization);
    }

    /**
     * Of its parts.
     *
     * @param text the text encoder's tensors by their names
     */
    public static PlannedModel of(
            TextEncoderConfig textConfig,
            TransformerConfig transformerConfig,
            VaeConfig vaeConfig,
            Map<String, TensorInfo> text,
            Collection<TensorInfo> transformer,
            Collection<TensorInfo> vae,
            DType compute,
            Quantization quantization) {
        boolean tied = text.containsKey(T5EncoderModel.TABLE);
        List<TensorInfo> read = text.values().stream()
                .filter(tensor -> !(tied && tensor.name().equals(T5EncoderModel.TIED_TABLE)))
                .toList();
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
                vae(vae, compute, quantization, tensor -> true),
                vae(vae, compute, quantization, tensor -> !AutoencoderKLCogVideoX.encodes(tensor.name())),
                quantization);
    }

    private static WeightMemory vae(
            Collection<TensorInfo> tensors, DType compute, Quantization quantization, Predicate<TensorInfo> used) {
        return WeightMemory.of(tensors, tensor -> compute, Component.VAE, quantization.vae(), used);
    }

    /** What a video needs of the VAE. */
    WeightMemory vae(PlannedVideo video) {
        return video.encodedFrames() > 0 ? vae : decoder;
    }

    /** A video of its making. */
    Extent extent(int height, int width, int numFrames) {
        return new Extent(height, width, numFrames, textConfig, transformerConfig, vaeConfig);
    }
}
