package io.text2video.worker.quantizer;

import io.text2video.worker.config.PipelineConfig;
import io.text2video.worker.files.FileTree;
import io.text2video.worker.kernels.CpuPaths;
import io.text2video.worker.kernels.Kernels;
import io.text2video.worker.kernels.MemoryScope;
import io.text2video.worker.quantization.Component;
import io.text2video.worker.quantization.Quantization;
import io.text2video.worker.quantization.Scheme;
import io.text2video.worker.weights.WeightFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Writes a checkpoint of floats as a quantized one in the same layout, as the library compressed-tensors would store it.
 * What loads from it is bit for bit what quantizing at load time makes. Needs the memory of one layer, not of the model.
 */
public final class CheckpointQuantizer {
    /** What transformers makes a shard's limit. */
    private static final long LARGEST_SHARD = 5_000_000_000L;

    private static final double GB = 1e9;

    /** A component lies in a folder of the checkpoint; below that there is nothing. */
    private static final int DEPTH = 2;

    private final Path model;
    private final Quantization quantization;
    private final long largestShard;

    /** Is told how much of the new checkpoint is written. */
    @FunctionalInterface
    public interface Listener {
        Listener NONE = (done, all, part) -> {};

        /**
         * Called after each tensor.
         *
         * @param done bytes
         * @param all bytes that there will be
         * @param part the component at hand
         */
        void written(long done, long all, String part);
    }

    /**
     * Reads nothing yet.
     *
     * @param model the directory of a checkpoint of floats
     * @param quantization what to quantize by which scheme
     */
    public CheckpointQuantizer(Path model, Quantization quantization) {
        this(model, quantization, LARGEST_SHARD);
    }

    CheckpointQuantizer(Path model, Quantization quantization, long largestShard) {
        this.model = model;
        this.quantization = quantization;
        this.largestShard = largestShard;
    }

    /**
     * Writes beside {@code out} and then moves into place, so that there is never half a checkpoint of that name.
     *
     * @param out a directory that does not exist, in one that does
     * @return what became of each component that was quantized
     * @throws CheckpointException when there is nothing to quantize, {@code out} exists or there is too little room
     * @throws io.text2video.worker.quantization.QuantizationConflictException when a component is quantized already
     * @throws io.text2video.worker.weights.WeightMismatchException when a weight is not finite
     * @throws IOException when the checkpoint is invalid, or a file cannot be read or written
     */
    public List<QuantizedPart> write(Path out, Listener listener) throws IOException {
        Path target = out.toAbsolutePath().normalize();
        if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
            throw new CheckpointException(target + " exists and is not overwritten; name another directory");
        }
        PipelineConfig.read(model);
        List<ComponentPlan> plans = new ArrayList<>();
        for (Component component : Component.values()) {
            if (quantization.scheme(component) != Scheme.NONE) {
                plans.add(ComponentPlan.of(model, component, quantization.scheme(component)));
            }
        }
        if (plans.isEmpty()) {
            throw new CheckpointException("the quantization " + quantization + " leaves nothing to quantize");
        }
        List<Path> copied = others(plans);
        long all = plans.stream().mapToLong(ComponentPlan::byteLength).sum();
        for (Path file : copied) {
            all += Files.size(file);
        }
        requireRoom(target, all);
        Path temporary = Files.createTempDirectory(target.getParent(), "." + target.getFileName() + ".part-");
        try {
            write(temporary, plans, copied, all, listener);
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            FileTree.delete(temporary);
        }
        return plans.stream().map(ComponentPlan::part).toList();
    }

    private void write(Path directory, List<ComponentPlan> plans, List<Path> copied, long all, Listener listener)
            throws IOException {
        long[] done = {0};
        for (Path file : copied) {
            Path to = directory.resolve(model.relativize(file).toString());
            Files.createDirectories(to.getParent());
            Files.copy(file, to);
            done[0] += Files.size(file);
            listener.written(done[0], all, "what stays as it is");
        }
        try (Kernels kernels = Kernels.load(CpuPaths.DEFAULT);
                MemoryScope scope = kernels.openScope()) {
            for (ComponentPlan plan : plans) {
                String part = plan.component().label();
                Path folder = Files.createDirectories(directory.resolve(part));
                new ComponentWriter(plan, folder, scope, bytes -> {
                            done[0] += bytes;
                            listener.written(done[0], all, part);
                        })
                        .write(largestShard);
            }
        }
    }

    /** Every file but what is written anew, what is hidden and pickles, which are not read. */
    private List<Path> others(List<ComponentPlan> plans) throws IOException {
        Set<String> anew =
                plans.stream().map(plan -> plan.component().label()).collect(Collectors.toCollection(TreeSet::new));
        return FileTree.filesThroughLinks(model, DEPTH).stream()
                .filter(Files::isRegularFile)
                .filter(file -> {
                    String name = file.getFileName().toString();
                    boolean written = name.equals("config.json") || name.contains(".safetensors");
                    String folder = Optional.ofNullable(file.getParent().getFileName())
                            .map(Path::toString)
                            .orElse("");
                    return !name.startsWith(".")
                            && WeightFiles.pickles(List.of(name)).isEmpty()
                            && !(written && anew.contains(folder));
                })
                .toList();
    }

    private static void requireRoom(Path target, long bytes) throws IOException {
        Path parent = target.getParent();
        if (parent == null || !Files.isDirectory(parent)) {
            throw new CheckpointException(parent + " is no directory; create it first");
        }
        long free = Files.getFileStore(parent).getUsableSpace();
        if (free < bytes) {
            throw new CheckpointException(String.format(
                    Locale.ROOT,
                    "%.2f GB are to be written and %s has %.2f GB free; make room, or name another place",
                    bytes / GB,
                    parent,
                    free / GB));
        }
    }
}
