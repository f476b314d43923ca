package io.text2video.worker.info;

import io.text2video.worker.config.ModelIndex;
import java.util.ArrayList;
import java.util.List;

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
 *     the finished frames
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
    /** Resident set of a process that has loaded the engine and generates nothing, with room for Java's heap. */
    private static final long PROCESS = 512L << 20;

    private static final int CHANNELS = 3;

    public MemoryEstimate {
        rows = List.copyOf(rows);
    }

    static MemoryEstimate of(
            ModelIndex model, Precision published, Extent video, List<ComponentWeights> parts, long bytesOnDisk) {
        long frames = (long) CHANNELS * video.height() * video.width() * video.numFrames();
        List<MemoryRow> rows = new ArrayList<>();
        Precision half = published == Precision.FP16 ? Precision.FP16 : Precision.BF16;
        rows.add(row(model, Precision.FP32, half, video, parts, frames, true));
        rows.add(row(model, half, half, video, parts, frames, true));
        if (published == Precision.BF16) {
            rows.add(row(model, Precision.FP16, half, video, parts, frames, false));
        }
        rows.add(row(model, Precision.INT8, half, video, parts, frames, true));
        rows.add(row(model, Precision.FP8, half, video, parts, frames, true));
        return new MemoryEstimate(
                true,
                video.height(),
                video.width(),
                video.numFrames(),
                video.denoisedFrames(),
                video.textTokens() + video.videoTokens(),
                PROCESS + frames,
                bytesOnDisk,
                rows);
    }

    private static MemoryRow row(
            ModelIndex model,
            Precision weights,
            Precision half,
            Extent video,
            List<ComponentWeights> parts,
            long frames,
            boolean safe) {
        long[] bytes = new long[parts.size()];
        long mapped = 0;
        long host = 0;
        long widened = 0;
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = parts.get(i).bytes(weights, half, model.imageToVideo());
            host += parts.get(i).hostBytes(weights, half, model.imageToVideo());
            widened = Math.max(widened, parts.get(i).largestWidened(weights));
            mapped += parts.get(i).mappedBytes(weights, model.imageToVideo());
        }
        long text = bytes[0];
        long rest = bytes[1] + bytes[2];
        WorkingMemory working = WorkingMemory.of(video, weights.activationBytes());
        long videoStages = Math.max(working.denoising(), working.decoding());
        long stage = Math.max(working.textEncoding(), videoStages);
        // In fp16 what is multiplied stands beside itself in fp32, so that nothing is gained.
        WorkingMemory onCpu = weights == Precision.FP16 ? WorkingMemory.of(video, Float.BYTES) : working;
        long cpuStage = Math.max(onCpu.textEncoding(), Math.max(onCpu.denoising(), onCpu.decoding()));
        return new MemoryRow(
                weights,
                text,
                bytes[1],
                bytes[2],
                working,
                text + rest + stage,
                Math.max(text + working.textEncoding(), rest + videoStages),
                PROCESS + frames + host + widened + cpuStage,
                mapped,
                safe,
                safe);
    }
}
