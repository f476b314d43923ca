package io.text2video.worker.pipeline;

import io.text2video.worker.config.CheckpointFiles;
import io.text2video.worker.config.PipelineConfig;
import io.text2video.worker.config.TransformerConfig;
import io.text2video.worker.config.VaeConfig;
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

/**
 * The parts of a loaded checkpoint. Owns the kernels and through them all weights.
 *
 * @param computeType what weights are converted to and the networks compute in
 */
record Components(
        Kernels kernels,
        T5Tokenizer tokenizer,
        TextEmbeddings textEmbeddings,
        Resident<T5EncoderModel> textEncoder,
        Resident<CogVideoXTransformer3DModel> transformer,
        Resident<AutoencoderKLCogVideoX> vae,
        Scheduler scheduler,
        ComputeType computeType,
        TransformerConfig transformerConfig,
        VaeConfig vaeConfig)
        implements AutoCloseable {
    static Components load(CheckpointFiles files, LoadingPlan plan) throws IOException {
        PipelineConfig config = files.config();
        Scheduler scheduler = Scheduler.of(config.scheduler());
        T5Tokenizer tokenizer = T5Tokenizer.open(files.directory().resolve("tokenizer"));
        Kernels kernels = null;
        try {
            kernels = plan.device().load(plan.device().first());
            // Never closed by itself: what is kept of prompts lives as long as the kernels.
            MemoryScope owner = kernels.openScope();
            Resident<T5EncoderModel> textEncoder = resident(
                    kernels, files, plan, Component.TEXT_ENCODER, w -> new T5EncoderModel(config.textEncoder(), w));
            return new Components(
                    kernels,
                    tokenizer,
                    new TextEmbeddings(
                            owner, tokenizer, textEncoder, config.transformer().maxTextSeqLength()),
                    textEncoder,
                    resident(
                            kernels,
                            files,
                            plan,
                            Component.TRANSFORMER,
                            w -> new CogVideoXTransformer3DModel(config.transformer(), w)),
                    resident(kernels, files, plan, Component.VAE, w -> new AutoencoderKLCogVideoX(config.vae(), w)),
                    scheduler,
                    plan.computeType(),
                    config.transformer(),
                    config.vae());
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

    private static <N> Resident<N> resident(
            Kernels kernels, CheckpointFiles files, LoadingPlan plan, Component component, Resident.Network<N> network)
            throws IOException {
        return Resident.load(
                kernels,
                owner -> Weights.open(
                        owner,
                        files.directory(component),
                        files.weights(component),
                        plan.computeType().dtype(),
                        plan.storage().get(component)),
                network);
    }
}
