package io.text2video.worker.info;

import io.text2video.worker.plan.Extent;
import io.text2video.worker.plan.GpuMachine;
import io.text2video.worker.plan.Host;
import io.text2video.worker.plan.Machine;
import io.text2video.worker.plan.MemoryPlan.Way;
import io.text2video.worker.plan.MemoryPlanner;
import io.text2video.worker.plan.MemorySize;
import io.text2video.worker.plan.PlannedModel;
import io.text2video.worker.plan.PlannedVideo;
import io.text2video.worker.plan.Rung;
import io.text2video.worker.plan.StageMemory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What one generation takes, in bytes. The weights are counted from the checkpoint's shapes; all else is estimated, as
 * {@link MemoryPlanner} plans it.
 *
 * @param estimated always true: peaks are computed, not measured
 * @param height pixels of the video that it is for
 * @param width pixels of the same
 * @param numFrames frames of the same
 * @param latentFrames that are denoised, with those that fill the last patch
 * @param tokens of text and video that attend to each other
 * @param hostBesideDevice what the process itself takes on the host where a GPU computes: Java, the native engine, CUDA's
 *     libraries and the frames on their way to the file
 * @param hostPageCache bytes of the checkpoint's files: mapped while weights go to the device, and the system's to drop
 * @param rows one for each way to keep the weights
 */
public record MemoryEstimate(
        boolean estimated,
        int height,
        int width,
        int numFrames,
        int latentFrames,
        int tokens,
        long hostBesideDevice,
        long hostPageCache,
        List<MemoryRow> rows) {
    /** No model takes more, whatever it saves. */
    private static final MemorySize ENOUGH = new MemorySize(1L << 50);

    public MemoryEstimate {
        rows = List.copyOf(rows);
    }

    /** @param encodedFrames how many frames the VAE encodes before the first step */
    static MemoryEstimate of(
            int encodedFrames, Precision published, Extent video, List<ComponentWeights> parts, long bytesOnDisk) {
        List<MemoryRow> rows = new ArrayList<>();
        Precision half = published == Precision.FP16 ? Precision.FP16 : Precision.BF16;
        rows.add(row(encodedFrames, Precision.FP32, half, video, parts, true));
        rows.add(row(encodedFrames, half, half, video, parts, true));
        if (published == Precision.BF16) {
            rows.add(row(encodedFrames, Precision.FP16, half, video, parts, false));
        }
        rows.add(row(encodedFrames, Precision.INT8, half, video, parts, true));
        rows.add(row(encodedFrames, Precision.FP8, half, video, parts, true));
        return new MemoryEstimate(
                true,
                video.height(),
                video.width(),
                video.numFrames(),
                video.denoisedFrames(),
                video.textTokens() + video.videoTokens(),
                GpuMachine.ON_HOST + Host.frames(asked(video, encodedFrames)),
                bytesOnDisk,
                rows);
    }

    private static MemoryRow row(
            int encodedFrames,
            Precision weights,
            Precision half,
            Extent video,
            List<ComponentWeights> parts,
            boolean safe) {
        boolean encodes = encodedFrames > 0;
        long text = parts.get(0).bytes(weights, half, encodes);
        long transformer = parts.get(1).bytes(weights, half, encodes);
        long vae = parts.get(2).bytes(weights, half, encodes);
        PlannedVideo asked = asked(video, encodedFrames);
        PlannedModel model = planned(weights, half, video, parts);
        StageMemory onCpu = planner(model, Host.thisMachine(Optional.empty()))
                .way(asked, Rung.WHOLE)
                .fullest();
        List<Way> onGpu = planner(model, GpuMachine.limited(ENOUGH, "")).ladder(asked);
        return new MemoryRow(
                weights,
                text,
                transformer,
                vae,
                onGpu.get(0).peak(),
                onGpu.get(onGpu.size() - 1).peak(),
                onCpu.total(),
                onCpu.mapped(),
                safe,
                safe);
    }

    private static MemoryPlanner planner(PlannedModel model, Machine machine) {
        return new MemoryPlanner(model, Rung.WHOLE, machine);
    }

    private static PlannedVideo asked(Extent video, int encodedFrames) {
        return new PlannedVideo(video.height(), video.width(), video.numFrames(), true, encodedFrames, false, 0);
    }

    private static PlannedModel planned(Precision weights, Precision half, Extent video, List<ComponentWeights> parts) {
        return PlannedModel.of(
                video.text(),
                video.transformer(),
                video.vae(),
                parts.get(0).index().tensors(),
                parts.get(1).index().tensors().values(),
                parts.get(2).index().tensors().values(),
                weights.computes(half),
                weights.scheme());
    }
}
