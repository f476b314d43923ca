package io.text2video.worker.plan;

import com.sun.management.OperatingSystemMXBean;
import io.text2video.worker.kernels.CpuFeatures;
import io.text2video.worker.plan.MemoryPlan.Way;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A machine that computes on its CPU. Weights that are used as they are stored are mapped files. What the process takes
 * beside weights and tensors was measured, by {@code PlannedMemoryTest} of the command line's tests.
 *
 * @param memory a generation's most; empty for what the container or the machine has as each is planned. Tiles, which
 *     change pixels, are a way to save only where it is given
 * @param cpu what it has instructions for
 */
public record Host(Optional<MemorySize> memory, CpuFeatures cpu) implements Machine {
    /** Java with its heap, torch and its kernels, FFmpeg, and the pages of their libraries. */
    public static final long BASE = 380L << 20;

    /** Of what is free; the rest is for whatever else grows meanwhile. */
    private static final double SHARE = 0.9;

    /** What oneDNN needs beside the tensors, to lay out its operands in its own way; of what the tensors take. */
    private static final double LAYOUTS = 0.18;

    /** What glibc keeps of what was freed in a stage, for the stage's next tensors; of what the tensors take. */
    private static final double KEPT = 1.2;

    /** It keeps no more: {@code MALLOC_TRIM_THRESHOLD_} of the launcher and the images. */
    private static final long MOST_KEPT = 256L << 20;

    /** The VAE's tensors are mostly larger than the 32 MiB below which blocks are kept. */
    private static final long MOST_KEPT_ELSE = 100L << 20;

    private static final long COLORS = 3;

    /** That wait for the video encoder, or in it for those after them. */
    private static final int MOST_FRAMES = 60;

    private static final Path MEMORY = Path.of("/proc/meminfo");
    private static final Path SELF = Path.of("/proc/self/status");

    /** The machine that this runs on. */
    public static Host thisMachine(Optional<MemorySize> memory) {
        return new Host(memory, CpuFeatures.ofThisMachine());
    }

    /** The frames on their way to the file. */
    public static long frames(PlannedVideo video) {
        return COLORS * video.height() * video.width() * Math.min(video.numFrames(), MOST_FRAMES);
    }

    @Override
    public MemoryBudget budget() {
        return memory.map(size -> MemoryBudget.given(size, "--memory")).orElseGet(Host::available);
    }

    @Override
    public Set<Saving> savings() {
        Set<Saving> savings =
                EnumSet.of(Saving.FEED_FORWARD_SLICES, Saving.GUIDANCE_PASSES, Saving.TEXT_ENCODER_RELEASED);
        if (memory.isPresent()) {
            savings.add(Saving.VAE_TILES);
        }
        return savings;
    }

    @Override
    public boolean encodesAhead() {
        return true;
    }

    @Override
    public Way way(PlannedModel model, PlannedVideo video, Rung rung) {
        Arithmetic arithmetic = Arithmetic.onCpu(model.compute(), cpu);
        WorkingMemory working = WorkingMemory.of(model, video, rung, arithmetic);
        WeightMemory text = model.textEncoder();
        WeightMemory transformer = model.transformer();
        WeightMemory vae = model.vae(video);
        boolean released = rung.has(Saving.TEXT_ENCODER_RELEASED);
        long othersMapped = transformer.mapped() + vae.mapped();
        long others = transformer.own() + vae.own() + video.loraBytes();
        long keptMapped = othersMapped + (released ? 0 : text.mapped());
        long kept = others + (released ? 0 : text.own());
        long encoding = text.widened(arithmetic) + working.textEncoding();
        // A worker encodes the next job's prompts while this one runs.
        long ahead = released ? 0 : encoding;
        long widened = vae.widened(arithmetic);
        long denoising = Math.max(transformer.widened(arithmetic) + working.denoising(), widened + working.encoding());
        long decoding = widened + working.decoding() + frames(video);
        return new Way(
                rung,
                List.of(
                        stage(Stage.LOAD, 0, kept - video.loraBytes(), 0),
                        stage(Stage.ENCODE, othersMapped + text.mapped(), others + text.own(), encoding),
                        stage(Stage.DENOISE, keptMapped, kept, denoising + ahead),
                        stage(Stage.DECODE, keptMapped, kept, decoding + ahead)));
    }

    private static StageMemory stage(Stage stage, long mapped, long weights, long tensors) {
        long most = stage == Stage.DENOISE ? MOST_KEPT : MOST_KEPT_ELSE;
        long working = tensors + Math.round(LAYOUTS * tensors) + Math.min(most, Math.round(KEPT * tensors));
        return new StageMemory(stage, BASE, mapped, weights, working);
    }

    /** Java knows a container's limit. What this process holds already is the generation's to use. */
    private static MemoryBudget available() {
        var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        long all = system.getTotalMemorySize();
        long free = kibibytes(MEMORY, "MemAvailable").orElse(all)
                + kibibytes(SELF, "RssAnon").orElse(0L);
        return new MemoryBudget((long) (SHARE * Math.min(all, free)), all, false, "available");
    }

    /** A line of a file of the kernel's, in bytes; empty on systems that have none. */
    private static Optional<Long> kibibytes(Path file, String name) {
        try {
            Matcher line = Pattern.compile("(?m)^" + name + ":\\s+(\\d+) kB$").matcher(Files.readString(file));
            return line.find() ? Optional.of(Long.parseLong(line.group(1)) << 10) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
