package io.text2video.worker.pipeline;

import io.text2video.worker.kernels.Kernels;
import io.text2video.worker.kernels.MemoryScope;
import io.text2video.worker.kernels.Tensor;
import io.text2video.worker.kernels.TensorKernels;
import io.text2video.worker.model.CogVideoXTransformer3DModel;
import io.text2video.worker.model.CogVideoXTransformer3DModel.Pass;
import io.text2video.worker.model.CogVideoXTransformer3DModel.Positions;
import io.text2video.worker.model.LatentShape;
import io.text2video.worker.model.StepCache;
import io.text2video.worker.plan.Saving;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the transformer predicts at each step. Under guidance the negative prompt and the prompt are a batch of two, or two
 * passes one after the other, or two passes at once, each on a GPU of its own: in passes the same bits, wherever they run.
 * The cache of steps, which judges both as one, knows the batch alone. For one generation and its thread.
 */
final class NoisePrediction implements AutoCloseable {
    private final GenerationPlan plan;
    private final StepCache cache;
    private final OnDevice here;

    /** The other GPU, where the prompt's pass runs there; the negative prompt's runs here. */
    private final Optional<OnDevice> other;

    /**
     * What one device needs.
     *
     * @param scope owns it
     * @param text [B, T, d] of what is drawn there
     */
    private record OnDevice(
            MemoryScope scope, CogVideoXTransformer3DModel transformer, Tensor text, Positions positions) {
        static OnDevice of(MemoryScope scope, CogVideoXTransformer3DModel transformer, Tensor text, LatentShape shape) {
            return new OnDevice(
                    scope,
                    transformer,
                    text,
                    transformer.positions(scope, shape.frames(), shape.height(), shape.width()));
        }

        /** Of one or all of what it has texts of. */
        Tensor predict(MemoryScope out, Tensor input, Tensor of, int timestep, StepCache cache, int tokens) {
            return transformer.forward(out, new Pass(input, of, timestep, positions, cache, tokens));
        }
    }

    /**
     * @param parent of the first device
     * @param text [B, T, d], the negative prompt first under guidance
     * @param otherKernels of the other GPU, where there is one
     */
    NoisePrediction(
            MemoryScope parent, GenerationPlan plan, Tensor text, StepCache cache, Optional<Kernels> otherKernels) {
        this.plan = plan;
        this.cache = cache;
        this.here = OnDevice.of(
                parent.open(), plan.transformer().network().acquire(parent.interruption()), text, plan.shape());
        boolean inPasses = plan.guidance().active() && cache == StepCache.NONE;
        this.other = inPasses
                ? otherKernels.flatMap(kernels -> plan.transformer()
                        .other()
                        .map(network -> onOther(kernels, network.acquire(parent.interruption()), text)))
                : Optional.empty();
    }

    private OnDevice onOther(Kernels kernels, CogVideoXTransformer3DModel transformer, Tensor text) {
        MemoryScope scope = kernels.openScope();
        try {
            Tensor prompt = TensorKernels.place(scope, TensorKernels.narrow(here.scope(), text, 0, 1, 2));
            return OnDevice.of(scope, transformer, prompt, plan.shape());
        } catch (RuntimeException e) {
            scope.close();
            throw e;
        }
    }

    /**
     * One step's prediction.
     *
     * @param input [B, F, C, h, w]
     * @return [B, F, C, h, w]
     */
    Tensor at(MemoryScope out, Tensor input, int timestep) {
        if (other.isPresent()) {
            return onTwo(out, other.get(), input, timestep);
        }
        int tokens = plan.rung().feedForwardTokens();
        boolean batch = !plan.guidance().active() || cache != StepCache.NONE;
        if (batch || !plan.rung().has(Saving.GUIDANCE_PASSES)) {
            return here.predict(out, input, here.text(), timestep, cache, tokens);
        }
        try (MemoryScope scope = out.open()) {
            List<Tensor> predictions = new ArrayList<>();
            for (int i = 0; i < input.size(0); i++) {
                predictions.add(
                        here.predict(scope, one(scope, input, i), one(scope, here.text(), i), timestep, cache, tokens));
            }
            return TensorKernels.concat(out, predictions, 0);
        }
    }

    /** Both GPUs are given their work before either is waited for. A latent goes there, and a prediction comes back. */
    private Tensor onTwo(MemoryScope out, OnDevice there, Tensor input, int timestep) {
        int tokens = plan.rung().feedForwardTokens();
        try (MemoryScope scope = out.open();
                MemoryScope remote = there.scope().open()) {
            Tensor latents = TensorKernels.place(remote, one(scope, input, 1));
            Tensor prompt = there.predict(remote, latents, there.text(), timestep, cache, tokens);
            Tensor negative =
                    here.predict(scope, one(scope, input, 0), one(scope, here.text(), 0), timestep, cache, tokens);
            return TensorKernels.concat(out, List.of(negative, TensorKernels.place(scope, prompt)), 0);
        }
    }

    private static Tensor one(MemoryScope scope, Tensor batch, int index) {
        return TensorKernels.narrow(scope, batch, 0, index, index + 1);
    }

    @Override
    public void close() {
        here.scope().close();
        other.ifPresent(device -> device.scope().close());
    }
}
