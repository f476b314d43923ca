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
    private final Half whole;

    /** The other GPU, where the prompt's pass runs there; the negative prompt's runs here. */
    private final Optional<Half> other;

    /**
     * What one device needs.
     *
     * @param scope owns it
     * @param text [B, T, d] of what is drawn there
     */
    private record Half(MemoryScope scope, CogVideoXTransformer3DModel transformer, Tensor text, Positions positions) {
        static Half of(MemoryScope scope, CogVideoXTransformer3DModel transformer, Tensor text, LatentShape shape) {
            return new Half(
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
        this.whole = Half.of(parent.open(), plan.transformer().network().acquire(), text, plan.shape());
        boolean inPasses = plan.guidance().active() && cache == StepCache.NONE;
        this.other = inPasses
                ? otherKernels.flatMap(
                        kernels -> plan.transformer().other().map(network -> there(kernels, network.acquire(), text)))
                : Optional.empty();
    }

    private Half there(Kernels kernels, CogVideoXTransformer3DModel transformer, Tensor text) {
        MemoryScope scope = kernels.openScope();
        try {
            Tensor prompt = TensorKernels.place(scope, TensorKernels.narrow(whole.scope(), text, 0, 1, 2));
            return Half.of(scope, transformer, prompt, plan.shape());
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
            return whole.predict(out, input, whole.text(), timestep, cache, tokens);
        }
        try (MemoryScope scope = out.open()) {
            List<Tensor> predictions = new ArrayList<>();
            for (int i = 0; i < input.size(0); i++) {
                predictions.add(whole.predict(
                        scope, one(scope, input, i), one(scope, whole.text(), i), timestep, cache, tokens));
            }
            return TensorKernels.concat(out, predictions, 0);
        }
    }

    /** Both GPUs are given their work before either is waited for. A latent goes there, and a prediction comes back. */
    private Tensor onTwo(MemoryScope out, Half there, Tensor input, int timestep) {
        int tokens = plan.rung().feedForwardTokens();
        try (MemoryScope scope = out.open();
                MemoryScope remote = there.scope().open()) {
            Tensor latents = TensorKernels.place(remote, one(scope, input, 1));
            Tensor prompt = there.predict(remote, latents, there.text(), timestep, cache, tokens);
            Tensor negative =
                    whole.predict(scope, one(scope, input, 0), one(scope, whole.text(), 0), timestep, cache, tokens);
            return TensorKernels.concat(out, List.of(negative, TensorKernels.place(scope, prompt)), 0);
        }
    }

    private static Tensor one(MemoryScope scope, Tensor batch, int index) {
        return TensorKernels.narrow(scope, batch, 0, index, index + 1);
    }

    @Override
    public void close() {
        whole.scope().close();
        other.ifPresent(half -> half.scope().close());
    }
}
