package io.text2video.worker.info;

import io.text2video.worker.plan.Extent;
import io.text2video.worker.plan.MemoryPlanner;
import io.text2video.worker.plan.PlannedModel;
import io.text2video.worker.plan.PlannedVideo;
import io.text2video.worker.plan.ProcessMemory;
import io.text2video.worker.plan.Rung;
import io.text2video.worker.plan.StageMemory;
import io.text2video.worker.plan.WorkingMemory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What one generation takes, in bytes. The weights are counted from the checkpoint's shapes; all else is estimated, as
 * {@link WorkingMemory} says.
 *
 * @param estimated always true: peaks are computed, not measured
 * @param height pixels of the video that it is for
 * @param width pixels of the same
 * @param numFrames frames of the same
 * @param latentFrames that are denoised, with those that fill the last patch
 * @param tokens of text and video that attend to each other
 * @param hostBesideDevice what the process itself takes on the host where a device computes: Java, the native engine and
 *     the frames on their way to the file
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
    public MemoryEstimate {
        rows = List.copyOf(rows);
    }

    static MemoryEstimate of(
            boolean fromImage, Precision published, Extent video, List<ComponentWeights> parts, long bytesOnDisk) {
        List<MemoryRow> rows = new ArrayList<>();
        Precision half = published == Precision.FP16 ? Precision.FP16 : Precision.BF16;
        rows.add(row(fromImage, Precision.FP32, half, video, parts, true));
        rows.add(row(fromImage, half, half, video, parts, true));
        if (published == Precision.BF16) {
            rows.add(row(fromImage, Precision.FP16, half, video, parts, false));
        }
        rows.add(row(fromImage, Precision.INT8, half, video, parts, true));
        rows.add(row(fromImage, Precision.FP8, half, video, parts, true));
        return new MemoryEstimate(
                true,
                video.height(),
                video.width(),
                video.numFrames(),
                video.denoisedFrames(),
                video.textTokens() + video.videoTokens(),
                ProcessMemory.BASE + ProcessMemory.frames(video),
                bytesOnDisk,
                rows);
    }

    private static MemoryRow row(
            boolean fromImage,
            Precision weights,
            Precision half,
            Extent video,
            List<ComponentWeights> parts,
            boolean safe) {
        long text = parts.get(0).bytes(weights, half, fromImage);
        long transformer = parts.get(1).bytes(weights, half, fromImage);
        long vae = parts.get(2).bytes(weights, half, fromImage);
        WorkingMemory working = WorkingMemory.of(video, weights.activationBytes(), true, false, Rung.WHOLE);
        long videoStages = Math.max(working.denoising(), working.decoding());
        StageMemory onCpu = onCpu(fromImage, weights, half, video, parts);
        return new MemoryRow(
                weights,
                text,
                transformer,
                vae,
                working,
                text + transformer + vae + Math.max(working.textEncoding(), videoStages),
                Math.max(text + working.textEncoding(), transformer + vae + videoStages),
                onCpu.total(),
                onCpu.mapped(),
                safe,
                safe);
    }

    /** The fullest stage where the CPU computes and nothing is saved. */
    private static StageMemory onCpu(
            boolean fromImage, Precision weights, Precision half, Extent video, List<ComponentWeights> parts) {
        PlannedModel model = PlannedModel.of(
                video.text(),
                video.transformer(),
                video.vae(),
                parts.get(0).index().tensors(),
                parts.get(1).index().tensors().values(),
                parts.get(2).index().tensors().values(),
                weights.computes(half),
                weights.scheme(),
                fromImage);
        return new MemoryPlanner(model, false, Optional.empty())
                .way(
                        new PlannedVideo(video.height(), video.width(), video.numFrames(), true, fromImage, false, 0),
                        Rung.WHOLE)
                .fullest();
    }
}
