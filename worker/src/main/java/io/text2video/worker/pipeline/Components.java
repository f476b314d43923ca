package io.text2video.worker.pipeline;

import io.text2video.worker.config.PipelineConfig;
import io.text2video.worker.config.TransformerConfig;
import io.text2video.worker.config.VaeConfig;
import io.text2video.worker.kernels.DType;
import io.text2video.worker.kernels.Device;
import io.text2video.worker.kernels.Kernels;
import io.text2video.worker.kernels.MemoryScope;
import io.text2video.worker.model.AutoencoderKLCogVideoX;
import io.text2video.worker.model.CogVideoXTransformer3DModel;
import io.text2video.worker.model.T5EncoderModel;
import io.text2video.worker.model.Tiling;
import io.text2video.worker.plan.Rung;
import io.text2video.worker.plan.Saving;
import io.text2video.worker.quantization.Component;
import io.text2video.worker.quantization.WeightStorage;
import io.text2video.worker.scheduler.Scheduler;
import io.text2video.worker.tokenizer.T5Tokenizer;
import io.text2video.worker.weights.Weights;
import java.io.IOException;
import java.nio.file.Path;

/**
 * The parts of a loaded checkpoint. Owns the kernels and through them all weights.
 *
 * @param transformerWeights closed; what to build the transformer from once more, with LoRAs
 * @param computeType what weights are converted to and the networks compute in
 */
record Components(
        Kernels kernels,
        T5Tokenizer tokenizer,
        TextEmbeddings textEmbeddings,
        CogVideoXTransformer3DModel transformer,
        Weights transformerWeights,
        AutoencoderKLCogVideoX vae,
        Scheduler scheduler,
        ComputeType computeType,
        TransformerConfig transformerConfig,
        VaeConfig vaeConfig)
        implements AutoCloseable {
    @FunctionalInterface
    private interface Network<T> {
        T build(Weights weights) throws IOException;
    }

    static Components load(PipelineConfig config, Path modelDirectory, PipelineOptions options) throws IOException {
        ComputeType computeType = ComputeTypeChoice.of(modelDirectory, options);
        DType dtype = computeType.dtype();
        TransformerConfig transformer = config.transformer();
        VaeConfig vae = config.vae();
        Scheduler scheduler = Scheduler.of(config.scheduler());
        T5Tokenizer tokenizer = T5Tokenizer.open(modelDirectory.resolve("tokenizer"));
        Kernels kernels = null;
        try {
            kernels = Kernels.load(Device.CPU, options.cpuPaths(), ProbedSizes.of(config, modelDirectory), dtype);
            // Never closed by itself: the weights live as long as the kernels.
            MemoryScope owner = kernels.openScope();
            Weights transformerWeights = open(owner, modelDirectory, Component.TRANSFORMER, dtype, options);
            return new Components(
                    kernels,
                    tokenizer,
                    new TextEmbeddings(
                            owner,
                            tokenizer,
                            new TextEncoder(
                                    owner,
                                    scope -> network(
                                            open(scope, modelDirectory, Component.TEXT_ENCODER, dtype, options),
                                            w -> new T5EncoderModel(config.textEncoder(), w))),
                            transformer.maxTextSeqLength()),
                    network(transformerWeights, w -> new CogVideoXTransformer3DModel(transformer, w)),
                    transformerWeights,
                    network(
                            open(owner, modelDirectory, Component.VAE, dtype, options),
                            w -> new AutoencoderKLCogVideoX(vae, w)),
                    scheduler,
                    computeType,
                    transformer,
                    vae);
        } catch (IOException | RuntimeException e) {
            tokenizer.close();
            if (kernels != null) {
                kernels.close();
            }
            throw e;
        }
    }

    /** How the VAE cuts frames. */
    Tiling tiling(Rung rung) {
        return rung.has(Saving.VAE_TILES) ? Tiling.of(vaeConfig) : Tiling.NONE;
    }

    @Override
    public void close() {
        tokenizer.close();
        kernels.close();
    }

    private static Weights open(
            MemoryScope owner, Path modelDirectory, Component component, DType dtype, PipelineOptions options)
            throws IOException {
        WeightStorage storage = StorageChoice.of(modelDirectory, component, options.quantization());
        return Weights.open(owner, modelDirectory.resolve(component.label()), dtype, storage);
    }

    private static <T> T network(Weights opened, Network<T> network) throws IOException {
        try (Weights weights = opened) {
            T built = network.build(weights);
            weights.requireAllRead();
            return built;
        }
    }
}
