package io.text2video.worker.pipeline;

import io.text2video.worker.kernels.MemoryScope;
import io.text2video.worker.kernels.OutOfMemoryException;
import io.text2video.worker.kernels.Tensor;
import io.text2video.worker.kernels.TensorKernels;
import io.text2video.worker.model.LatentShape;
import io.text2video.worker.scheduler.Trajectory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Takes the latents of a step's preview out of the engine: not as the step leaves them, which is noise for most of the way,
 * but what the step's prediction says of the finished ones.
 *
 * @param colours empty where none are known: then there are no previews
 */
record LatentPreview(Optional<LatentRgb> colours, LatentPreviewSink sink) {
    static final LatentPreview NONE = new LatentPreview(Optional.empty(), LatentPreviewSink.NONE);

    /**
     * The picture of a step that was just computed.
     *
     * @param index of the step, from 0
     * @param sample [1, F, C, h, w] before it
     * @param output the guided prediction, of the same shape
     * @return empty where none is wanted, or there is no memory for it
     */
    Optional<Supplier<Frames>> take(
            MemoryScope parent,
            GenerationPlan plan,
            double scalingFactor,
            Trajectory trajectory,
            int index,
            Tensor sample,
            Tensor output) {
        if (colours.isEmpty()) {
            return Optional.empty();
        }
        int[] frames = frames(plan.shape(), sink.wanted(index + 1, trajectory.length()));
        if (frames.length == 0) {
            return Optional.empty();
        }
        try (MemoryScope scope = parent.open()) {
            Tensor clean = trajectory.clean(scope, index, pick(scope, sample, frames), pick(scope, output, frames));
            float[] values = TensorKernels.toFloats(scope, clean);
            for (int i = 0; i < values.length; i++) {
                values[i] /= (float) scalingFactor;
            }
            LatentShape shape = plan.shape();
            var latents = new LatentFrames(frames.length, shape.channels(), shape.height(), shape.width(), values);
            return Optional.of(() -> colours.get().pixels(latents));
        } catch (OutOfMemoryException e) {
            return Optional.empty();
        }
    }

    /** Those that are decoded, evenly; the middle one where one is wanted. */
    static int[] frames(LatentShape shape, int wanted) {
        int there = shape.frames() - shape.padding();
        int count = Math.min(wanted, there);
        return count == 1
                ? new int[] {shape.padding() + there / 2}
                : IntStream.range(0, count)
                        .map(i -> shape.padding() + Math.round(i * (there - 1) / (count - 1f)))
                        .toArray();
    }

    private static Tensor pick(MemoryScope scope, Tensor latents, int... frames) {
        List<Tensor> picked = new ArrayList<>();
        for (int frame : frames) {
            picked.add(TensorKernels.narrow(scope, latents, 1, frame, frame + 1));
        }
        return picked.size() == 1 ? picked.get(0) : TensorKernels.concat(scope, picked, 1);
    }
}
