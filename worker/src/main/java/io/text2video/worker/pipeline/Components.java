package io.text2video.worker.pipeline;

import io.text2video.worker.config.CheckpointFiles;
import io.text2video.worker.config.PipelineConfig;
import io.text2video.worker.config.TransformerConfig;
import io.text2video.worker.config.VaeConfig;
import io.text2video.worker.kernels.Device;
import io.text2video.worker.kernels.Interruption;
import io.text2video.worker.kernels.Kernels;
import io.text2video.worker.kernels.MemoryScope;
import io.text2video.worker.model.AutoencoderKLCogVideoX;
import io.text2video.worker.model.CogVideoXTransformer3DModel;
import io.text2video.worker.model.T5EncoderModel;
import io.text2video.worker.model.Tiling;
import io.text2video.worker.plan.Rung;
import io.text2video.worker.plan.Saving;
import io.text2video.worker.quantization.Component;
import io.text2video.worker.scheduler.Scheduler;
import io.text2video.worker.tokenizer.T5Tokenizer;
import io.text2video.worker.weights.Weights;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The parts of a loaded checkpoint. Owns the kernels and through them all weights.
 *
 * @param streamedTransformer the same, of which one block at a time is held
 * @param otherKernels of the second GPU, where two share the work
 * @param otherTransformer the same on that GPU
 * @param computeType what weights are converted to and the networks compute in
 */
record Components(
        Kernels kernels,
        T5Tokenizer tokenizer,
        TextEmbeddings textEmbeddings,
        Resident<T5EncoderModel> textEncoder,
        Resident<CogVideoXTransformer3DModel> transformer,
        Resident<CogVideoXTransformer3DModel> streamedTransformer,
        Optional<Kernels> otherKernels,
        Optional<Resident<CogVideoXTransformer3DModel>> otherTransformer,
        Resident<AutoencoderKLCogVideoX> vae,
        Scheduler scheduler,
        ComputeType computeType,
        TransformerConfig transformerConfig,
        VaeConfig vaeConfig)
        implements AutoCloseable {
    /** @param interruption asked before each weight */
    static Components load(CheckpointFiles files, LoadingPlan plan, Interruption interruption) throws IOException {
        PipelineConfig config = files.config();
        Scheduler scheduler = Scheduler.of(config.scheduler());
        T5Tokenizer tokenizer = T5Tokenizer.of(files.directory());
        List<Kernels> loaded = new ArrayList<>();
        try {
            for (Device device : plan.device().devices()) {
                loaded.add(plan.load(device));
            }
            Kernels kernels = loaded.get(0);
            // Never closed by itself: what is kept of prompts lives as long as the kernels.
            MemoryScope owner = kernels.openScope();
            Resident<T5EncoderModel> textEncoder = resident(
                    kernels,
                    files,
                    plan,
                    interruption,
                    Component.TEXT_ENCODER,
                    w -> new T5EncoderModel(config.textEncoder(), w));
            Resident.Network<CogVideoXTransformer3DModel> transformer =
                    w -> new CogVideoXTransformer3DModel(config.transformer(), w);
            Optional<Kernels> otherKernels = loaded.stream().skip(1).findFirst();
            Optional<Resident<CogVideoXTransformer3DModel>> otherTransformer = otherKernels.isPresent()
                    ? Optional.of(
                            resident(otherKernels.get(), files, plan, interruption, Component.TRANSFORMER, transformer))
                    : Optional.empty();
            return new Components(
                    kernels,
                    tokenizer,
                    new TextEmbeddings(
                            owner, tokenizer, textEncoder, config.transformer().maxTextSeqLength()),
                    textEncoder,
                    resident(kernels, files, plan, interruption, Component.TRANSFORMER, transformer),
                    Resident.lazily(
                            kernels,
                            weights -> open(weights, files, plan, Component.TRANSFORMER),
                            w -> new CogVideoXTransformer3DModel(config.transformer(), w, true)),
                    otherKernels,
                    otherTransformer,
                    resident(
                            kernels,
                            files,
                            plan,
                            interruption,
                            Component.VAE,
                            w -> new AutoencoderKLCogVideoX(config.vae(), w)),
                    scheduler,
                    plan.computeType(),
                    config.transformer(),
                    config.vae());
        } catch (IOException | RuntimeException e) {
            tokenizer.close();
            loaded.forEach(Kernels::close);
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
        otherKernels.ifPresent(Kernels::close);
    }

    private static <N> Resident<N> resident(
            Kernels kernels,
            CheckpointFiles files,
            LoadingPlan plan,
            Interruption interruption,
            Component component,
            Resident.Network<N> network)
            throws IOException {
        return Resident.load(kernels, interruption, owner -> open(owner, files, plan, component), network);
    }

    private static Weights open(MemoryScope owner, CheckpointFiles files, LoadingPlan plan, Component component)
            throws IOException {
        return Weights.open(
                owner,
                files.directory(component),
                files.weights(component),
                plan.computeType().dtype(),
                plan.storage().get(component));
    }
}
